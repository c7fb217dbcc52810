//! The metrics: what each is called, and where its value comes from.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::UNIX_EPOCH;

use super::monitor::{Monitor, Phase};
use super::text::Kind::{Counter, Gauge, Histogram};
use super::text::Text;
use crate::handlers::Served;
use crate::histogram::Times;
use crate::ledger::MethodCounts;
use crate::net::traffic::TrafficCounts;
use crate::plugin::Counts;

/// Powers of two of microseconds that bound the buckets of times: 1 µs to 8 s.
const POWERS: std::ops::RangeInclusive<u32> = 0..=23;

/// A metric of each plugin.
type OfPlugin = (&'static str, super::text::Kind, &'static str, fn(&Reading) -> u64);

/// One plugin at one time.
struct Reading {
    served: Arc<Served>,
    counts: Counts,
    memory: usize,
}

const PLUGIN: [OfPlugin; 9] = [
    ("pintle_plugin_calls_total", Counter, "Calls that ended, whatever their outcome.", |it| it.counts.calls),
    ("pintle_plugin_instances", Gauge, "Instances that exist.", |it| it.counts.live),
    ("pintle_plugin_memory_bytes", Gauge, "Memories and tables of all instances.", |it| it.memory as u64),
    ("pintle_plugin_instances_retired_total", Counter, "Pooled instances that were dropped.", |it| {
        it.counts.retired
    }),
    ("pintle_plugin_instances_replaced_total", Counter, "Single instances that lost their state.", |it| {
        it.counts.replaced
    }),
    ("pintle_plugin_instances_killed_total", Counter, "Instances that were stopped from outside.", |it| {
        it.counts.killed
    }),
    ("pintle_plugin_log_lines_dropped_total", Counter, "Log lines over the limit.", |it| {
        it.counts.log_dropped
    }),
    ("pintle_plugin_refused_grants_total", Counter, "What was asked for and is not granted.", |it| {
        it.counts.refused_grants
    }),
    ("pintle_plugin_kv_refused_total", Counter, "What the store refused because of a limit.", |it| {
        it.counts.kv_refused
    }),
];

/// A metric of each listener.
type OfListener = (&'static str, super::text::Kind, &'static str, fn(&TrafficCounts) -> u64);

const LISTENER: [OfListener; 5] = [
    ("pintle_connections", Gauge, "Connections that are open.", |it| it.open as u64),
    ("pintle_connections_total", Counter, "Connections that were served.", |it| it.accepted),
    ("pintle_connections_refused_total", Counter, "Connections that found no room.", |it| it.turned_away),
    ("pintle_received_bytes_total", Counter, "Bytes that came, without encryption.", |it| it.received),
    ("pintle_sent_bytes_total", Counter, "Bytes that left, without encryption.", |it| it.sent),
];

/// All of them as a page.
pub(super) fn text(monitor: &Monitor) -> String {
    let mut text = Text::default();
    process(&mut text, monitor);
    if let Some(transport) = monitor.transport() {
        text.family("pintle_calls", Gauge, "Calls that run or wait.");
        text.sample("pintle_calls", &[], transport.calls.open());
        let read: Vec<_> = transport.listeners.iter().map(|(url, traffic)| (url, traffic.read())).collect();
        for (name, kind, help, value) in LISTENER {
            text.family(name, kind, help);
            for (url, counts) in &read {
                text.sample(name, &[("listener", url)], value(counts));
            }
        }
    }
    let plugins: Vec<Reading> = monitor.plugins().into_iter().map(Reading::new).collect();
    for (name, kind, help, value) in PLUGIN {
        text.family(name, kind, help);
        for reading in &plugins {
            text.sample(name, &[("plugin", reading.name())], value(reading));
        }
    }
    failures(&mut text, &plugins);
    methods(&mut text, &plugins);
    text.finish()
}

impl Reading {
    fn new(served: Arc<Served>) -> Reading {
        let plugin = &served.plugin;
        let memory = plugin.instances().iter().map(|instance| instance.memory).sum();
        Reading { counts: plugin.counts(), memory, served }
    }

    fn name(&self) -> &str {
        self.served.plugin.name()
    }
}

fn process(text: &mut Text, monitor: &Monitor) {
    text.family("pintle_build_info", Gauge, "Always 1; its label says the version.");
    text.sample("pintle_build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    let started = monitor.started().duration_since(UNIX_EPOCH).unwrap_or_default();
    text.family("process_start_time_seconds", Gauge, "When the process started, since 1970.");
    text.sample("process_start_time_seconds", &[], started.as_secs_f64());
    if let Some(bytes) = resident() {
        text.family("process_resident_memory_bytes", Gauge, "Memory of the process.");
        text.sample("process_resident_memory_bytes", &[], bytes);
    }
    text.family("pintle_ready", Gauge, "1 while calls are taken.");
    text.sample("pintle_ready", &[], u8::from(monitor.phase() == Phase::Ready));
    let reloads = monitor.reloads();
    text.family("pintle_reloads_total", Counter, "Times that it was told to reload.");
    for (outcome, count) in [("done", &reloads.done), ("refused", &reloads.refused)] {
        text.sample("pintle_reloads_total", &[("outcome", outcome)], count.load(Relaxed));
    }
}

/// Bytes that the process has in memory, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

fn failures(text: &mut Text, plugins: &[Reading]) {
    let name = "pintle_plugin_failures_total";
    text.family(name, Counter, "Calls of which no answer of the plugin came, by what went wrong.");
    for reading in plugins {
        let Counts { errors, traps, timeouts, overloaded, .. } = reading.counts;
        let other = errors.saturating_sub(traps + timeouts + overloaded);
        let kinds = [("trap", traps), ("timeout", timeouts), ("overloaded", overloaded), ("other", other)];
        for (kind, count) in kinds {
            text.sample(name, &[("plugin", reading.name()), ("kind", kind)], count);
        }
    }
}

/// Only methods that were called: a contract has many.
fn methods(text: &mut Text, plugins: &[Reading]) {
    let all: Vec<(&str, &str, MethodCounts)> = plugins
        .iter()
        .flat_map(|reading| {
            reading.served.ledger.read().map(|(method, counts)| (reading.name(), method, counts))
        })
        .filter(|(_, _, counts)| *counts != MethodCounts::default())
        .collect();
    let name = "pintle_call_duration_seconds";
    text.family(name, Histogram, "Time until a plugin answered a call, waiting included.");
    for (plugin, method, counts) in &all {
        duration(text, name, &[("plugin", plugin), ("method", method)], &counts.times);
    }
    type OfMethod = (&'static str, &'static str, fn(&MethodCounts) -> u64);
    const METHOD: [OfMethod; 3] = [
        ("pintle_call_errors_total", "Calls that a plugin answered with an error.", |it| it.errors),
        ("pintle_call_failures_total", "Calls of which no answer of a plugin came.", |it| it.failures),
        ("pintle_calls_abandoned_total", "Calls that nobody waited for to the end.", |it| it.abandoned),
    ];
    for (name, help, value) in METHOD {
        text.family(name, Counter, help);
        for (plugin, method, counts) in &all {
            text.sample(name, &[("plugin", plugin), ("method", method)], value(counts));
        }
    }
}

fn duration(text: &mut Text, name: &str, labels: &[(&str, &str)], times: &Times) {
    let bucket = format!("{name}_bucket");
    let mut within = |le: &str, count: u64| text.sample(&bucket, &[labels, &[("le", le)]].concat(), count);
    for power in POWERS {
        // Exact: a power of two in millionths.
        within(&((1_u64 << power) as f64 / 1e6).to_string(), times.below(power));
    }
    within("+Inf", times.count());
    text.sample(&format!("{name}_sum"), labels, times.sum().as_secs_f64());
    text.sample(&format!("{name}_count"), labels, times.count());
}
