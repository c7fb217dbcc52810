//! Validation: one pass over the bytes, driven by the plan. No tree; no allocation when the value is valid.

use crate::index::{Index, Recorder};
use crate::json::{
    number::{self, Int},
    scan::{self, Fault, FaultKind, Surrogates},
    text::{self, Unescaped},
};
use crate::names::sort;
use crate::plan::{Kind, Member, Plan, Shape, Token, Values, WIDE};
use std::cmp::Ordering;
use std::ops::Range;

/// What must change in a valid text before it is handed on.
#[derive(Debug, Default)]
pub(crate) struct Edits {
    /// Integers written otherwise than as digits: where, and their value. In the order of the text.
    ints: Vec<(Range<usize>, i64)>,
    /// A line feed or carriage return stands between tokens.
    breaks: bool,
}

impl Edits {
    pub(crate) fn is_empty(&self) -> bool {
        self.ints.is_empty() && !self.breaks
    }

    /// Appends `text[range]` with the edits made. `range` must be one that was checked.
    pub(crate) fn apply(&self, text: &[u8], range: Range<usize>, out: &mut Vec<u8>) {
        let first = self.ints.partition_point(|(int, _)| int.start < range.start);
        let mut from = range.start;
        for (int, value) in self.ints[first..].iter().take_while(|(int, _)| int.end <= range.end) {
            self.copy(&text[from..int.start], out);
            crate::json::write::int(out, *value);
            from = int.end;
        }
        self.copy(&text[from..range.end], out);
    }

    /// Strings cannot hold raw line breaks, so every one found is between tokens.
    fn copy(&self, piece: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(piece);
        if self.breaks {
            for byte in &mut out[start..] {
                if matches!(byte, b'\n' | b'\r') {
                    *byte = b' ';
                }
            }
        }
    }
}

const fn mismatch(at: usize) -> Fault {
    Fault::new(FaultKind::Type, at)
}

/// One pass over one text.
pub(crate) struct Check<'a> {
    plan: &'a Plan,
    text: &'a [u8],
    strict: bool,
    edits: Edits,
    record: Recorder<'a>,
}

impl<'a> Check<'a> {
    /// `text` must be UTF-8. `strict` refuses fields that the contract does not name.
    pub(crate) fn new(plan: &'a Plan, text: &'a [u8], strict: bool) -> Self {
        Check { plan, text, strict, edits: Edits::default(), record: Recorder::default() }
    }

    /// The same, which tells `record` what it meets, from the byte `from` on.
    pub(crate) fn recording(mut self, mut record: Recorder<'a>, from: usize) -> Self {
        record.tell(|index| index.start(self.text, from));
        self.record = record;
        self
    }

    pub(crate) fn is_edited(&self) -> bool {
        !self.edits.is_empty()
    }

    /// What was read last is the whole text, or the part that was asked for; for `record`, only if that is `good`.
    pub(crate) fn finish(mut self, good: bool) -> Edits {
        self.record.tell(|index| index.finish(good));
        self.edits
    }

    pub(crate) fn into_edits(self) -> Edits {
        self.edits
    }

    /// White space, with an eye on line breaks.
    #[inline(always)]
    pub(crate) fn space(&mut self, at: usize) -> usize {
        match self.text.get(at) {
            Some(&byte) if byte <= b' ' => self.space_run(at),
            _ => at,
        }
    }

    #[inline(never)]
    fn space_run(&mut self, mut at: usize) -> usize {
        loop {
            match self.text.get(at) {
                Some(b' ' | b'\t') => at += 1,
                Some(b'\n' | b'\r') => {
                    self.edits.breaks = true;
                    at += 1;
                }
                _ => return at,
            }
        }
    }

    /// A value of type `kind` at `at`, behind white space or not, nested at most `depth` levels; answers the
    /// position behind it.
    ///
    /// The usual scalars are read where they are asked for: a call for each would cost as much as reading it.
    #[inline(always)]
    pub(crate) fn value(&mut self, kind: Kind, at: usize, depth: usize) -> Result<usize, Fault> {
        match kind {
            Kind::String if self.text.get(at) == Some(&b'"') => return self.string(at),
            Kind::Int | Kind::Float => {
                if let Some(end) = number::short(self.text, at, kind == Kind::Float) {
                    let text = self.text;
                    self.record.tell(|index| index.number(text, at..end));
                    return Ok(end);
                }
            }
            _ => {}
        }
        self.any(kind, at, depth)
    }

    #[inline(never)]
    fn any(&mut self, kind: Kind, at: usize, depth: usize) -> Result<usize, Fault> {
        let plan = self.plan;
        let at = self.space(at);
        match kind {
            Kind::Struct(index) => match &plan.shapes[index as usize] {
                shape if shape.fields.len() <= 64 => self.object::<1>(shape, at, depth),
                shape => self.object::<WIDE>(shape, at, depth),
            },
            Kind::Array(element) => self.array(plan.element_kind(element), at, depth),
            Kind::Map(value) => self.map(plan.element_kind(value), at, depth),
            Kind::Enum(index) => self.name(index, at),
            Kind::Bool => match self.text.get(at) {
                Some(b't') => {
                    self.record.tell(|index| index.bool(true));
                    scan::literal(self.text, at, b"true")
                }
                Some(b'f') => {
                    self.record.tell(|index| index.bool(false));
                    scan::literal(self.text, at, b"false")
                }
                _ => Err(mismatch(at)),
            },
            Kind::String => match self.text.get(at) {
                Some(b'"') => self.string(at),
                _ => Err(mismatch(at)),
            },
            Kind::Int => self.int(at),
            Kind::Float => self.float(at),
        }
    }

    /// A string from its quote at `at`.
    #[inline(always)]
    fn string(&mut self, at: usize) -> Result<usize, Fault> {
        let (end, escaped) = scan::string_or_escaped(self.text, at + 1, Surrogates::Paired)?;
        let text = self.text;
        self.record.tell(|index| index.string(text, at + 1..end - 1, escaped));
        Ok(end)
    }

    /// A value of type `kind`, or `null` where that is allowed.
    #[inline(always)]
    pub(crate) fn optional(
        &mut self,
        kind: Kind,
        optional: bool,
        at: usize,
        depth: usize,
    ) -> Result<usize, Fault> {
        if optional {
            let at = self.space(at);
            if self.text.get(at) == Some(&b'n') {
                self.record.tell(Index::null);
                return scan::literal(self.text, at, b"null");
            }
        }
        self.value(kind, at, depth)
    }

    #[inline(never)]
    fn int(&mut self, at: usize) -> Result<usize, Fault> {
        match number::int(self.text, at)? {
            (end, Int::Plain) => {
                let text = &self.text[at..end];
                let safe = !self.plan.safe_ints || number::is_safe(text);
                self.record.tell(|index| number::decimal(text).map(|value| index.int(value)));
                if safe { Ok(end) } else { Err(mismatch(at)) }
            }
            (end, Int::Rewrite(value)) => {
                if self.plan.safe_ints && value.unsigned_abs() >= 1 << 53 {
                    return Err(mismatch(at));
                }
                self.record.tell(|index| index.rewritten_int(value));
                self.edits.ints.push((at..end, value));
                Ok(end)
            }
            _ => Err(mismatch(at)),
        }
    }

    #[inline(never)]
    fn name(&mut self, index: u32, at: usize) -> Result<usize, Fault> {
        /// More values than this are searched for by halves.
        const FEW: usize = 16;

        let Values { sorted, places, .. } = &self.plan.enums[index as usize];
        let few = sorted.iter().zip(places).take(FEW);
        let hit = |(name, place): (&Token, &u32)| Some((name.matches(self.text, at)?, *place));
        if let Some((end, place)) = few.into_iter().find_map(hit) {
            self.record.tell(|index| index.choice(place));
            return Ok(end);
        }
        if self.text.get(at) != Some(&b'"') {
            return Err(mismatch(at));
        }
        let end = scan::string(self.text, at + 1, Surrogates::Paired)?;
        let raw = &self.text[at + 1..end - 1];
        let found = match sorted.binary_search_by(|name| name.name().as_bytes().cmp(raw)) {
            Ok(found) => Some(found),
            Err(_) if raw.contains(&b'\\') => {
                sorted.iter().position(|name| text::equals(raw, name.name().as_bytes()))
            }
            Err(_) => None,
        };
        let place = found.and_then(|found| places.get(found)).ok_or(mismatch(at))?;
        self.record.tell(|index| index.choice(*place));
        Ok(end)
    }

    /// The opening bracket of a container at `at`: the position of its first element, `None` if it is empty.
    #[inline(always)]
    fn open(&mut self, at: usize, bracket: u8, depth: usize) -> Result<(usize, bool), Fault> {
        if self.text.get(at) != Some(&bracket) {
            return Err(mismatch(at));
        }
        if depth == 0 {
            return Err(Fault::new(FaultKind::Depth, at));
        }
        let at = self.space(at + 1);
        // The closing bracket is the opening one plus 2 in ASCII.
        if self.text.get(at) == Some(&(bracket + 2)) { Ok((at + 1, false)) } else { Ok((at, true)) }
    }

    /// Behind an element: where the next one begins, white space before it left to who reads it, or where the
    /// container ended.
    #[inline(always)]
    fn follow(&mut self, at: usize, close: u8) -> Result<(usize, bool), Fault> {
        match self.text.get(at) {
            Some(b',') => Ok((at + 1, true)),
            Some(&found) if found == close => Ok((at + 1, false)),
            _ => self.next_spaced(at, close),
        }
    }

    /// Behind an element: where the next one begins, or where the container ended.
    #[inline(always)]
    pub(crate) fn next(&mut self, at: usize, close: u8) -> Result<(usize, bool), Fault> {
        match self.text.get(at) {
            Some(b',') => Ok((self.space(at + 1), true)),
            Some(&found) if found == close => Ok((at + 1, false)),
            _ => self.next_spaced(at, close),
        }
    }

    #[inline(never)]
    fn next_spaced(&mut self, at: usize, close: u8) -> Result<(usize, bool), Fault> {
        let at = self.space(at);
        match self.text.get(at) {
            Some(b',') => Ok((self.space(at + 1), true)),
            Some(&found) if found == close => Ok((at + 1, false)),
            _ => Err(Fault::new(FaultKind::Syntax, at)),
        }
    }

    #[inline(never)]
    fn float(&mut self, at: usize) -> Result<usize, Fault> {
        match number::float(self.text, at)? {
            (end, true) => {
                let text = self.text;
                self.record.tell(|index| index.number(text, at..end));
                Ok(end)
            }
            _ => Err(mismatch(at)),
        }
    }

    #[inline(never)]
    fn array(&mut self, element: Kind, at: usize, depth: usize) -> Result<usize, Fault> {
        let (mut at, mut more) = self.open(at, b'[', depth)?;
        let list = self.record.tell(|index| index.open_list());
        while more {
            at = self.value(element, at, depth - 1)?;
            self.record.tell(Index::element);
            (at, more) = self.follow(at, b']')?;
        }
        self.record.tell(|index| index.close_list(list, 1));
        Ok(at)
    }

    #[inline(never)]
    fn map(&mut self, value: Kind, at: usize, depth: usize) -> Result<usize, Fault> {
        let (mut at, mut more) = self.open(at, b'{', depth)?;
        let mut keys = Keys::default();
        let list = self.record.tell(|index| index.open_list());
        while more {
            let start = at;
            let (end, value_at) = self.key(at, Surrogates::Paired)?;
            let key = start + 1..end - 1;
            keys.add(self.text, key.clone())?;
            let text = self.text;
            self.record.tell(|index| {
                let escaped = text[key.clone()].contains(&b'\\');
                index.string(text, key, escaped);
                index.element();
            });
            at = self.value(value, value_at, depth - 1)?;
            self.record.tell(Index::element);
            (at, more) = self.next(at, b'}')?;
        }
        self.record.tell(|index| index.close_list(list, 2));
        keys.finish(self.text)?;
        Ok(at)
    }

    /// A key at `at`: the position behind its closing quote, and where its value begins.
    pub(crate) fn key(&mut self, at: usize, surrogates: Surrogates) -> Result<(usize, usize), Fault> {
        let end = scan::string(self.text, scan::byte(self.text, at, b'"')?, surrogates)?;
        let colon = self.space(end);
        let colon = scan::byte(self.text, colon, b':')?;
        Ok((end, self.space(colon)))
    }

    /// An object of `shape`. `WORDS` words hold one bit for each field that was seen.
    ///
    /// Writers keep to one order, so the field behind the last one is tried first, with its quotes and colon.
    ///
    /// A function of its own, as are all that it calls only now and then: the registers are for this loop.
    #[inline(never)]
    fn object<const WORDS: usize>(&mut self, shape: &Shape, at: usize, depth: usize) -> Result<usize, Fault> {
        let (mut at, mut more) = self.open(at, b'{', depth)?;
        let mut seen = [0u64; WORDS];
        let mut guess = 0;
        let fields = self.record.tell(|index| index.open_struct(shape.fields.len()));
        while more {
            let hit = shape
                .fields
                .get(guess)
                .and_then(|field| Some((guess, field, field.token.matches(self.text, at)?)));
            let (index, field, value_at) = match hit {
                Some(hit) => hit,
                None => match self.find(shape, guess, at)? {
                    Key::Known { index, value } => (index, &shape.fields[index], value),
                    Key::Unknown { value } => {
                        if self.strict {
                            return Err(mismatch(at));
                        }
                        at = self.unknown(value, depth - 1)?;
                        (at, more) = self.follow(at, b'}')?;
                        continue;
                    }
                },
            };
            let bit = 1u64 << (index % 64);
            if seen[index / 64 % WORDS] & bit != 0 {
                return Err(mismatch(at));
            }
            seen[index / 64 % WORDS] |= bit;
            at = self.optional(field.kind, field.optional, value_at, depth - 1)?;
            self.record.tell(|record| record.field(fields, index));
            guess = index + 1;
            (at, more) = self.follow(at, b'}')?;
        }
        self.record.tell(|index| index.close_struct(fields));
        if seen.iter().zip(&shape.required).all(|(seen, required)| seen & required == *required) {
            Ok(at)
        } else {
            Err(mismatch(at))
        }
    }

    /// The member whose key is at `at`, which is not the one guessed, or not without white space before it.
    #[inline(never)]
    fn find(&mut self, shape: &Shape, guess: usize, at: usize) -> Result<Key, Fault> {
        let at = self.space(at);
        // An optional field or two may have been left out.
        for index in guess..(guess + 4).min(shape.fields.len()) {
            if let Some(value) = shape.fields[index].token.matches(self.text, at) {
                return Ok(Key::Known { index, value });
            }
        }
        let (end, value) = self.key(at, Surrogates::Any)?;
        match shape.field(&self.text[at + 1..end - 1]) {
            Name::Is(index) => Ok(Key::Known { index, value }),
            Name::Resembles(_) => Err(mismatch(at)),
            Name::Unknown => Ok(Key::Unknown { value }),
        }
    }

    /// The value of a field that the contract does not name: grammar and depth only.
    pub(crate) fn unknown(&mut self, at: usize, depth: usize) -> Result<usize, Fault> {
        let end = scan::value(self.text, at, depth, Surrogates::Any)?;
        self.record.tell(Index::met_unknown);
        self.edits.breaks |= self.text[at..end].iter().any(|byte| matches!(byte, b'\n' | b'\r'));
        Ok(end)
    }

    /// Parameters by position, from behind their opening bracket; trailing optional ones may be missing.
    /// Answers the position behind the closing bracket and how many there were.
    pub(crate) fn positional(
        &mut self,
        members: &[Member],
        at: usize,
        depth: usize,
    ) -> Result<(usize, usize), Fault> {
        let mut at = self.space(at);
        let mut count = 0;
        let mut more = true;
        let fields = self.record.tell(|index| index.open_struct(members.len()));
        if self.text.get(at) == Some(&b']') {
            (at, more) = (at + 1, false);
        }
        while more {
            let Some(member) = members.get(count) else { return Err(mismatch(at)) };
            at = self.optional(member.kind, member.optional, at, depth)?;
            self.record.tell(|index| index.field(fields, count));
            count += 1;
            (at, more) = self.next(at, b']')?;
        }
        self.record.tell(|index| index.close_struct(fields));
        if members[count..].iter().all(|member| member.optional) {
            Ok((at, count))
        } else {
            Err(mismatch(at))
        }
    }
}

enum Key {
    Known { index: usize, value: usize },
    Unknown { value: usize },
}

/// What a key is to a struct.
pub(crate) enum Name {
    /// The field of this index.
    Is(usize),
    /// Not a field, but this one's name in another case: some languages would read it as that field.
    Resembles(usize),
    /// Nothing that the contract names.
    Unknown,
}

impl Shape {
    /// The field that the key with raw text `raw` names.
    pub(crate) fn member(&self, raw: &[u8]) -> Option<&Member> {
        match self.field(raw) {
            Name::Is(index) => self.fields.get(index),
            Name::Resembles(_) | Name::Unknown => None,
        }
    }

    /// What the key with raw text `raw` is.
    pub(crate) fn field(&self, raw: &[u8]) -> Name {
        // Sorted by lower-case name: all names that differ from the key by case alone stand together.
        let name = |index: &u16| self.fields[*index as usize].token.name().as_bytes();
        let lower = |byte: u8| byte.to_ascii_lowercase();
        let key = Unescaped::new(raw);
        let start = self.order.partition_point(|index| {
            name(index).iter().copied().map(lower).cmp(key.clone().map(lower)) == Ordering::Less
        });
        let mut resembles = None;
        for index in &self.order[start..] {
            if !name(index).iter().copied().map(lower).eq(key.clone().map(lower)) {
                break;
            }
            if name(index).iter().copied().eq(key.clone()) {
                return Name::Is(*index as usize);
            }
            resembles = Some(*index as usize);
        }
        resembles.map_or(Name::Unknown, Name::Resembles)
    }
}

/// The keys of one map, to find one that comes twice. Up to 16 need no memory of their own.
///
/// Sorted, not hashed: without randomness a hash could be attacked, and sorting costs n·log n at worst.
#[derive(Default)]
struct Keys {
    few: [(usize, usize); 16],
    count: usize,
    many: Vec<(usize, usize)>,
}

impl Keys {
    fn add(&mut self, text: &[u8], key: Range<usize>) -> Result<(), Fault> {
        if self.count < self.few.len() {
            let twice = self.few[..self.count]
                .iter()
                .any(|&(start, end)| same(&text[start..end], &text[key.clone()]));
            if twice {
                return Err(mismatch(key.start));
            }
            self.few[self.count] = (key.start, key.end);
        } else {
            if self.many.is_empty() {
                self.many.extend_from_slice(&self.few);
            }
            self.many.push((key.start, key.end));
        }
        self.count += 1;
        Ok(())
    }

    fn finish(mut self, text: &[u8]) -> Result<(), Fault> {
        let raw = |&(start, end): &(usize, usize)| Unescaped::new(&text[start..end]);
        sort(&mut self.many, |a, b| raw(a).cmp(raw(b)));
        match self.many.windows(2).find(|pair| raw(&pair[0]).eq(raw(&pair[1]))) {
            Some(pair) => Err(mismatch(pair[1].0)),
            None => Ok(()),
        }
    }
}

/// Whether two raw string texts stand for the same string.
fn same(a: &[u8], b: &[u8]) -> bool {
    if a.contains(&b'\\') || b.contains(&b'\\') { Unescaped::new(a).eq(Unescaped::new(b)) } else { a == b }
}
