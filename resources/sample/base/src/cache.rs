// SPDX-License-Identifier: GPL-3.0-or-later
//! Recently read values, in shards so that readers seldom wait for each other.

use std::collections::hash_map::DefaultHasher;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, PoisonError};

const SHARDS: usize = 16;

#[derive(Default)]
struct Shard {
    values: HashMap<Vec<u8>, Slot>,
    bytes: usize,
    clock: u64,
}

struct Slot {
    value: Vec<u8>,
    used: u64,
}

/// A cache of at most `capacity` bytes of keys and values.
pub struct Cache {
    shards: Vec<Mutex<Shard>>,
    capacity: usize,
}

impl Cache {
    pub fn new(capacity: usize) -> Cache {
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        Cache { shards, capacity: capacity / SHARDS }
    }

    pub fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let mut shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        shard.clock += 1;
        let clock = shard.clock;
        let slot = shard.values.get_mut(key)?;
        slot.used = clock;
        Some(slot.value.clone())
    }

    pub fn insert(&self, key: &[u8], value: &[u8]) {
        let size = key.len() + value.len();
        if size > self.capacity {
            return;
        }
        let mut shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        shard.remove(key);
        while shard.bytes + size > self.capacity {
            if !shard.evict() {
                break;
            }
        }
        shard.clock += 1;
        let slot = Slot { value: value.to_vec(), used: shard.clock };
        shard.bytes += size;
        shard.values.insert(key.to_vec(), slot);
    }

    pub fn remove(&self, key: &[u8]) {
        let mut shard = self.shard(key).lock().unwrap_or_else(PoisonError::into_inner);
        shard.remove(key);
    }

    fn shard(&self, key: &[u8]) -> &Mutex<Shard> {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        &self.shards[hasher.finish() as usize % SHARDS]
    }
}

impl Shard {
    fn remove(&mut self, key: &[u8]) {
        if let Some(slot) = self.values.remove(key) {
            self.bytes -= key.len() + slot.value.len();
        }
    }

    /// Forgets the value that was not used for the longest time; false if there is none.
    fn evict(&mut self) -> bool {
        let Some(oldest) = self.values.iter().min_by_key(|(_, slot)| slot.used).map(|(key, _)| key.clone()) else {
            return false;
        };
        self.remove(&oldest);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forgets_what_was_not_used() {
        let cache = Cache::new(SHARDS * 64);
        for number in 0..1000u32 {
            cache.insert(&number.to_be_bytes(), &[0; 16]);
        }
        let kept = (0..1000u32).filter(|number| cache.get(&number.to_be_bytes()).is_some()).count();
        assert!(kept <= SHARDS * 64 / 20);
        assert!(cache.get(&999u32.to_be_bytes()).is_some());
    }
}
