// SPDX-License-Identifier: GPL-3.0-or-later
//! Counters of what the node did, and their export as text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

/// Counts and sums durations; lost precision in the sum does not matter.
#[derive(Default)]
pub struct Timer {
    count: AtomicU64,
    micros: AtomicU64,
}

impl Timer {
    pub fn add(&self, duration: Duration) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.micros.fetch_add(duration.as_micros() as u64, Ordering::Relaxed);
    }

    pub fn mean(&self) -> Duration {
        let count = self.count.load(Ordering::Relaxed).max(1);
        Duration::from_micros(self.micros.load(Ordering::Relaxed) / count)
    }
}

#[derive(Default)]
pub struct Metrics {
    pub reads: AtomicU64,
    pub writes: AtomicU64,
    pub read_time: Timer,
    pub write_time: Timer,
    labels: RwLock<BTreeMap<String, u64>>,
}

impl Metrics {
    pub fn count(&self, label: &str) {
        let mut labels = self.labels.write().unwrap_or_else(PoisonError::into_inner);
        match labels.get_mut(label) {
            Some(count) => *count += 1,
            None => {
                labels.insert(label.to_string(), 1);
            }
        }
    }

    pub fn value(&self, label: &str) -> u64 {
        let labels = self.labels.read().unwrap_or_else(PoisonError::into_inner);
        labels.get(label).copied().unwrap_or(0)
    }

    /// One line for each metric: its name and its value.
    pub fn export(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "reads {}", self.reads.load(Ordering::Relaxed));
        let _ = writeln!(text, "writes {}", self.writes.load(Ordering::Relaxed));
        let _ = writeln!(text, "read_mean_us {}", self.read_time.mean().as_micros());
        let _ = writeln!(text, "write_mean_us {}", self.write_time.mean().as_micros());
        for (label, count) in self.labels.read().unwrap_or_else(PoisonError::into_inner).iter() {
            let _ = writeln!(text, "{label} {count}");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_every_label() {
        let metrics = Metrics::default();
        metrics.count("evictions");
        metrics.count("evictions");
        assert_eq!(metrics.value("evictions"), 2);
        assert!(metrics.export().contains("evictions 2"));
    }
}
