//! Numbers, decided on their text: never through a float where an integer is asked for.

use super::scan::{Fault, FaultKind, HIGH, ONES};

/// What an integer's text says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Int {
    /// Written as an integer is: digits with an optional minus, within 64 bits.
    Plain,
    /// The same number written otherwise (`3.0`, `1e2`, `-0`).
    Rewrite(i64),
    /// A number with a fraction.
    Fraction,
    /// A whole number outside of -2^63…2^63-1.
    Range,
}

/// The usual number at `at`, no longer than seven bytes: digits without a minus, a fraction if `fraction`, and behind
/// them neither a dot nor an exponent. Where it ends, or `None`: then it must be read byte by byte.
///
/// One word holds such a number and the byte behind it; it is loaded and searched for what is no digit once.
#[inline(always)]
pub(crate) fn short(text: &[u8], at: usize, fraction: bool) -> Option<usize> {
    let chunk = text.get(at..)?.first_chunk::<8>()?;
    let word = u64::from_le_bytes(*chunk);
    let digits = word ^ (ONES * b'0' as u64);
    // A digit is now 0 to 9, and adding 0x76 reaches the high bit from 10 on. A carry into the next byte only comes
    // from a byte that is none itself, so the marks are exact up to the lowest, and to the next one behind a dot.
    let mut others = (digits.wrapping_add(ONES * 0x76) | digits) & HIGH;
    let mut end = (others.trailing_zeros() / 8) as usize;
    let first = word as u8;
    if end == 0 || (first == b'0' && end != 1) {
        return None;
    }
    let mut behind = *chunk.get(end)?;
    if fraction && behind == b'.' {
        others &= others - 1;
        let dot = end;
        end = (others.trailing_zeros() / 8) as usize;
        behind = *chunk.get(end)?;
        if end == dot + 1 {
            return None;
        }
    }
    if matches!(behind, b'.' | b'e' | b'E') { None } else { Some(at + end) }
}

/// The digits from `at` on.
#[inline(always)]
fn digits(text: &[u8], mut at: usize) -> usize {
    while let Some(b'0'..=b'9') = text.get(at) {
        at += 1;
    }
    at
}

/// The integer part at `at`, minus included: where it ends.
#[inline(always)]
fn whole(text: &[u8], at: usize) -> Result<usize, Fault> {
    let first = if text.get(at) == Some(&b'-') { at + 1 } else { at };
    match text.get(first) {
        Some(b'0') => Ok(first + 1),
        Some(b'1'..=b'9') => Ok(digits(text, first + 1)),
        _ => Err(Fault::new(FaultKind::Syntax, first)),
    }
}

/// Any number at `at`: RFC 8259, section 6. Answers the position behind it.
#[inline]
pub(crate) fn scan(text: &[u8], at: usize) -> Result<usize, Fault> {
    let at = whole(text, at)?;
    match text.get(at) {
        Some(b'.' | b'e' | b'E') => rest(text, at),
        _ => Ok(at),
    }
}

/// A fraction and an exponent, each optional.
#[inline]
fn rest(text: &[u8], mut at: usize) -> Result<usize, Fault> {
    if text.get(at) == Some(&b'.') {
        let end = digits(text, at + 1);
        if end == at + 1 {
            return Err(Fault::new(FaultKind::Syntax, end));
        }
        at = end;
    }
    if let Some(b'e' | b'E') = text.get(at) {
        at += 1;
        if let Some(b'+' | b'-') = text.get(at) {
            at += 1;
        }
        let end = digits(text, at);
        if end == at {
            return Err(Fault::new(FaultKind::Syntax, end));
        }
        at = end;
    }
    Ok(at)
}

/// Whether the integer that is written as `text` is one that a double holds, and no other integer beside it: RFC 7493,
/// section 2.2.
pub(crate) fn is_safe(text: &[u8]) -> bool {
    text.len() <= 15 || decimal(text).is_some_and(|value| value.unsigned_abs() < 1 << 53)
}

/// The digits of `text`, perhaps behind a minus, as a number; `None` if there is something else, or more than 64 bits hold.
#[inline(never)]
pub(crate) fn decimal(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.split_first()? {
        (b'-', digits) => (true, digits),
        _ => (false, text),
    };
    // The least number has no counterpart above zero.
    let mut value = 0i64;
    for digit in digits {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
        // A product that is checked by itself is one of 128 bits in WebAssembly.
        if value < i64::MIN / 10 {
            return None;
        }
        value = (value * 10).checked_sub(digit.into())?;
    }
    match (digits, negative) {
        ([], _) => None,
        (_, true) => Some(value),
        (_, false) => value.checked_neg(),
    }
}

/// A number at `at` as an `int`: the position behind it, and what it says.
#[inline(always)]
pub(crate) fn int(text: &[u8], at: usize) -> Result<(usize, Int), Fault> {
    let end = whole(text, at)?;
    let odd = matches!(text.get(end), Some(b'.' | b'e' | b'E'));
    // 18 digits and a minus always fit; "-0" is 0 written otherwise.
    if !odd && end - at <= 18 && !(text.get(at) == Some(&b'-') && text.get(at + 1) == Some(&b'0')) {
        return Ok((end, Int::Plain));
    }
    int_slow(text, at, end)
}

#[inline(never)]
fn int_slow(text: &[u8], at: usize, whole_end: usize) -> Result<(usize, Int), Fault> {
    let end = rest(text, whole_end)?;
    let number = text.get(at..end).unwrap_or_default();
    let (negative, number) = match number.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, number),
    };
    let (mantissa, exponent) = match number.iter().position(|byte| matches!(byte, b'e' | b'E')) {
        Some(mark) => (&number[..mark], exponent(&number[mark + 1..])),
        None => (number, 0),
    };
    let fraction = mantissa.iter().position(|&byte| byte == b'.').map_or(0, |dot| mantissa.len() - dot - 1);

    // The value is `digits` * 10^`scale`; trailing zeros go into the scale, so a negative scale is a fraction.
    let mut digits = 0u64;
    let mut scale = exponent.saturating_sub(fraction as i64);
    let mut zeros = 0i64;
    for digit in mantissa.iter().filter(|byte| byte.is_ascii_digit()) {
        match digit - b'0' {
            0 if digits == 0 => {}
            0 => zeros += 1,
            digit => {
                // Beyond 64 bits no scale can make it an int that fits: it is out of range or a fraction.
                digits = scaled(digits, zeros + 1)
                    .and_then(|shifted| shifted.checked_add(digit.into()))
                    .unwrap_or(u64::MAX);
                zeros = 0;
            }
        }
    }
    scale = scale.saturating_add(zeros);
    if digits == 0 {
        // "0" itself is plain and never comes here without a minus, a fraction or an exponent.
        return Ok((end, Int::Rewrite(0)));
    }
    if scale < 0 {
        return Ok((end, Int::Fraction));
    }
    let value = scaled(digits, scale).and_then(|magnitude| match negative {
        true => 0i64.checked_sub_unsigned(magnitude),
        false => i64::try_from(magnitude).ok(),
    });
    let Some(value) = value else {
        return Ok((end, Int::Range));
    };
    let plain = end == whole_end && !(negative && value == 0);
    Ok((end, if plain { Int::Plain } else { Int::Rewrite(value) }))
}

/// `digits` * 10^`scale`.
fn scaled(digits: u64, scale: i64) -> Option<u64> {
    // One for each digit of the greatest that fits.
    (0..scale.min(20)).try_fold(digits, |value, _| value.checked_mul(10))
}

/// The exponent's digits as a number; a magnitude that no text could balance stands for all larger ones.
fn exponent(text: &[u8]) -> i64 {
    let (sign, digits) = match text.split_first() {
        Some((b'-', rest)) => (-1, rest),
        Some((b'+', rest)) => (1, rest),
        _ => (1, text),
    };
    let magnitude = digits.iter().fold(0i64, |value, digit| {
        value.saturating_mul(10).saturating_add((digit - b'0') as i64).min(1 << 60)
    });
    sign * magnitude
}

/// The double nearest to the number that `text` says, if it can be had without the arithmetic of long numbers: from
/// whole numbers below 2^53, and powers of ten that a double holds.
pub(crate) fn double(text: &[u8]) -> Option<f64> {
    /// A point and as many digits as always stay below 10^16.
    const LONG: usize = 17;

    let (negative, text) = match text {
        [b'-', text @ ..] => (true, text),
        text => (false, text),
    };
    if text.len() > LONG {
        return None;
    }
    let mut digits = 0;
    // 10 to the number of digits behind the point: all of its values here are exact.
    let (mut scale, mut step) = (1.0, 1.0);
    for byte in text {
        match byte {
            b'0'..=b'9' => {
                digits = digits * 10 + (byte & 0xF) as u64;
                scale *= step;
            }
            b'.' => step = 10.0,
            _ => return None,
        }
    }
    if digits >= 1 << 53 {
        return None;
    }
    // One rounding, that of the division, and its operands are what the text says.
    let value = digits as f64 / scale;
    Some(if negative { -value } else { value })
}

/// A number at `at` as a `float`: the position behind it, and whether its value is finite in 64 bits.
#[inline(always)]
pub(crate) fn float(text: &[u8], at: usize) -> Result<(usize, bool), Fault> {
    let mut end = whole(text, at)?;
    if text.get(end) == Some(&b'.') {
        let dot = end;
        end = digits(text, dot + 1);
        if end == dot + 1 {
            return Err(Fault::new(FaultKind::Syntax, end));
        }
    }
    // Without an exponent, fewer than 309 bytes stay below 10^308.
    if end - at < 309 && !matches!(text.get(end), Some(b'e' | b'E')) {
        return Ok((end, true));
    }
    float_slow(text, at, end)
}

#[inline(never)]
fn float_slow(text: &[u8], at: usize, exponent: usize) -> Result<(usize, bool), Fault> {
    let end = rest(text, exponent)?;
    Ok((end, finite(text.get(at..end).unwrap_or_default())))
}

/// The least number that rounds to infinity in 64 bits, 2^1024 - 2^970. It has 309 digits.
const INFINITE: &[u8] =
    b"1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070\
    9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447\
    5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904\
    174497792";

/// Whether a number's text is finite in 64 bits: decided on its digits, because reading them is much more code.
fn finite(number: &[u8]) -> bool {
    let mark = number.iter().position(|byte| matches!(byte, b'e' | b'E'));
    let (mantissa, exponent) = match mark {
        Some(mark) => (&number[..mark], exponent(&number[mark + 1..])),
        None => (number, 0),
    };
    let dot = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
    // The value is 0.`digits` * 10^`scale`, and the first digit is not 0.
    let digits = |&(_, byte): &(usize, &u8)| byte.is_ascii_digit();
    let mut digits =
        mantissa.iter().enumerate().filter(digits).skip_while(|&(_, byte)| *byte == b'0').peekable();
    let Some(&(first, _)) = digits.peek() else { return true };
    let before = dot.saturating_sub(first);
    let behind = first.saturating_sub(dot + 1);
    let scale = exponent.saturating_add(before as i64).saturating_sub(behind as i64);
    let size = INFINITE.len() as i64;
    scale < size || (scale == size && digits.map(|(_, byte)| byte).lt(INFINITE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_is_read_as_the_standard_library_reads_it() {
        let edges = [i64::MAX, i64::MIN, 0, -1, 1 << 53].map(|number| number.to_string());
        let more = ["9223372036854775808", "-9223372036854775809", "", "-", "1a", "+1", "1-", "007", "-0"];
        for text in edges.iter().map(String::as_str).chain(more) {
            let expected = text.parse::<i64>().ok().filter(|_| !text.starts_with('+'));
            assert_eq!(decimal(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_short_number_ends_where_any_does() {
        // Every text of up to five of these, with enough behind it to fill a word.
        const BYTES: &[u8] = b"019.eE-+/:,} \x7f\xb0";
        for count in 0..BYTES.len().pow(5) {
            let mut text = *b"00000,       ";
            let mut rest = count;
            for byte in &mut text[..5] {
                *byte = BYTES[rest % BYTES.len()];
                rest /= BYTES.len();
            }
            if let Some(end) = short(&text, 0, false) {
                assert_eq!(int(&text, 0), Ok((end, Int::Plain)), "{text:?}");
            }
            if let Some(end) = short(&text, 0, true) {
                assert_eq!(float(&text, 0), Ok((end, true)), "{text:?}");
            }
        }
        for (text, fraction, end) in
            [("0,      ", false, 1), ("1234567,", false, 7), ("0.5}    ", true, 3), ("29.99}  ", true, 5)]
        {
            assert_eq!(short(text.as_bytes(), 0, fraction), Some(end), "{text}");
        }
    }

    #[test]
    fn a_double_is_what_the_library_reads_or_left_to_it() {
        let texts = ["0", "-0", "0.0", "-0.0", "29.99", "0.1", "12345678.98765432", "9007199254740991"];
        for text in texts.into_iter().chain(["0.000000000000001", "450359962737049.5", "-1.005"]) {
            let expected: f64 = text.parse().unwrap();
            assert_eq!(double(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()), "{text}");
        }
        for text in ["9007199254740992", "1e2", "12345678901234567", "0.00000000000000001", "1E-5"] {
            assert_eq!(double(text.as_bytes()), None, "{text}");
        }
        let mut bits = 1u64;
        for _ in 0..100_000 {
            bits = bits.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let digits = bits >> 11 >> (bits % 50);
            let text = format!("{}.{:03}", digits / 1000, digits % 1000);
            let text = if bits.is_multiple_of(3) { format!("-{text}") } else { text };
            if let Some(value) = double(text.as_bytes()) {
                assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
            }
        }
    }

    fn read(text: &str) -> Int {
        let (end, int) = int(text.as_bytes(), 0).unwrap();
        assert_eq!(end, text.len(), "{text}");
        int
    }

    #[test]
    fn an_int_is_decided_on_its_text() {
        let zeros = "0".repeat(400);
        for (text, expected) in [
            ("0", Int::Plain),
            ("-1", Int::Plain),
            ("9223372036854775807", Int::Plain),
            ("-9223372036854775808", Int::Plain),
            ("9223372036854775808", Int::Range),
            ("-9223372036854775809", Int::Range),
            ("99999999999999999999999999999999999999999999", Int::Range),
            ("-0", Int::Rewrite(0)),
            ("0e999", Int::Rewrite(0)),
            ("0.000", Int::Rewrite(0)),
            ("-0.0e-99999999999999999999", Int::Rewrite(0)),
            ("3.0", Int::Rewrite(3)),
            ("10e-1", Int::Rewrite(1)),
            ("1e2", Int::Rewrite(100)),
            ("1E+2", Int::Rewrite(100)),
            ("-12.50e1", Int::Rewrite(-125)),
            ("9223372036854775807.0", Int::Rewrite(i64::MAX)),
            ("-9223372036854775808.000", Int::Rewrite(i64::MIN)),
            ("0.0009223372036854775807e22", Int::Rewrite(i64::MAX)),
            ("9223372036854775807.5", Int::Fraction),
            ("3.3", Int::Fraction),
            ("1e-400", Int::Fraction),
            ("123456789012345678901234567890123456789012345678.5", Int::Fraction),
            ("1e300", Int::Range),
            ("1e99999999999999999999", Int::Range),
            ("1e-99999999999999999999", Int::Fraction),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read(&format!("1{zeros}e-400")), Int::Rewrite(1));
        assert_eq!(read(&format!("7.{zeros}")), Int::Rewrite(7));
        assert_eq!(read(&format!("0.{zeros}7e401")), Int::Rewrite(7));
        assert_eq!(read(&format!("1{zeros}1e-401")), Int::Fraction);
    }

    #[test]
    fn a_float_is_finite_as_the_library_reads_it() {
        let limit = core::str::from_utf8(INFINITE).unwrap();
        let below = limit.replace("497792", "497791");
        let mut texts: Vec<String> = Vec::new();
        for digits in [limit, &below, &limit[..17], &limit[..16], "1", "9", "0", "17976931348623159"] {
            for zeros in ["", "0", "000", "00000"] {
                for dot in 0..=digits.len() {
                    let (before, behind) = digits.split_at(dot);
                    let before = if before.is_empty() { "0" } else { before };
                    let point = if behind.is_empty() && zeros.is_empty() { "" } else { "." };
                    let shift = if dot == 0 { zeros } else { "" };
                    let tail = if dot == 0 { "" } else { zeros };
                    for extra in -2..=2 {
                        let exponent = 309 - dot as i64 + shift.len() as i64 + extra;
                        for number in ["", "1"] {
                            let behind =
                                format!("{behind}{tail}{}", if point.is_empty() { "" } else { number });
                            texts.push(format!("{before}{point}{shift}{behind}e{exponent}"));
                            texts.push(format!("-{before}{point}{shift}{behind}E+{exponent}"));
                        }
                    }
                }
            }
        }
        texts.extend(["0e999", "1e99999999999999999999", "1e-99999999999999999999", "0.0"].map(String::from));
        texts.retain(|text| !text.contains("+-"));
        let mut infinite = 0;
        for text in &texts {
            let expected = text.parse::<f64>().unwrap().is_finite();
            infinite += usize::from(!expected);
            assert_eq!(finite(text.as_bytes()), expected, "{text}");
        }
        assert!(infinite > 1000 && texts.len() - infinite > 1000, "{infinite} of {}", texts.len());
    }

    #[test]
    fn a_float_is_finite_or_not() {
        let long = "9".repeat(309);
        for (text, expected) in [
            ("1", true),
            ("1.7976931348623157e308", true),
            ("1.7976931348623159e308", false),
            ("1e400", false),
            ("-1e400", false),
            ("1e-400", true),
            ("0e999", true),
            ("123456789012345678901234567890.5", true),
            (&long, false),
            (&long[1..], true),
        ] {
            assert_eq!(float(text.as_bytes(), 0), Ok((text.len(), expected)), "{text}");
        }
    }
}
