// SPDX-License-Identifier: GPL-3.0-or-later
//! Operations that read and write several keys as one step.

use crate::error::{Error, Result};
use crate::store::{data_key, tag_key, Store};

/// One part of a larger change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    Put { key: Vec<u8>, value: Vec<u8> },
    Delete { key: Vec<u8> },
}

impl Operation {
    pub fn key(&self) -> &[u8] {
        match self {
            Operation::Put { key, .. } | Operation::Delete { key } => key,
        }
    }
}

impl Store {
    /// Adds to a counter, which starts at zero, and gives its new value.
    pub fn increment(&self, key: &[u8], by: u64) -> Result<u64> {
        let name = data_key(key);
        let txn = self.db.transaction();
        let current = match txn.get(&name)? {
            Some(bytes) => counter(&bytes)?,
            None => 0,
        };
        let next = current.checked_add(by).ok_or(Error::Malformed("counter"))?;
        txn.put(&name, next.to_be_bytes())?;
        txn.commit()?;
        self.cache.remove(key);
        Ok(next)
    }

    /// Writes a value if the key still has the expected one.
    pub fn compare_and_swap(&self, key: &[u8], expected: Option<&[u8]>, value: &[u8]) -> Result<bool> {
        let name = data_key(key);
        let txn = self.db.transaction();
        let current = txn.get_for_update(&name, true)?;
        if current.as_deref() != expected {
            return Ok(false);
        }
        txn.put(&name, value)?;
        txn.commit()?;
        self.cache.remove(key);
        Ok(true)
    }

    /// Gives a value another key. False if there is no such value, or if the new key is taken.
    pub fn rename(&self, from: &[u8], to: &[u8], keep: bool) -> Result<bool> {
        let txn = self.db.transaction();
        let Some(value) = txn.get_for_update(data_key(from), true)? else {
            return Ok(false);
        };
        if txn.get_for_update(data_key(to), true)?.is_some() {
            return Ok(false);
        }
        txn.put(data_key(to), &value)?;
        if keep {
            return Ok(true);
        }
        txn.delete(data_key(from))?;
        txn.commit()?;
        self.cache.remove(from);
        Ok(true)
    }

    /// Copies a value and marks the copy with a tag.
    pub fn copy(&self, from: &[u8], to: &[u8], tag: &[u8]) -> Result<()> {
        let txn = self.db.transaction();
        if let Some(value) = txn.get(data_key(from))? {
            txn.put(data_key(to), &value)?;
            txn.put(tag_key(tag, to), b"")?;
        }
        txn.commit()?;
        self.cache.remove(to);
        Ok(())
    }

    /// All operations or none.
    pub fn apply(&self, operations: &[Operation]) -> Result<()> {
        let txn = self.db.transaction();
        for operation in operations {
            match operation {
                Operation::Put { key, value } => txn.put(data_key(key), value)?,
                Operation::Delete { key } => txn.delete(data_key(key))?,
            }
        }
        txn.commit()?;
        for operation in operations {
            self.cache.remove(operation.key());
        }
        Ok(())
    }
}

fn counter(bytes: &[u8]) -> Result<u64> {
    let bytes = bytes.try_into().map_err(|_| Error::Malformed("counter"))?;
    Ok(u64::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn counts() {
        let store = Store::open(Path::new("test"), 1 << 16).unwrap();
        assert_eq!(store.increment(b"c", 2).unwrap(), 2);
        assert_eq!(store.increment(b"c", 3).unwrap(), 5);
        store.put(b"c", b"text").unwrap();
        assert!(store.increment(b"c", 1).is_err());
    }

    #[test]
    fn swaps_only_what_is_expected() {
        let store = Store::open(Path::new("test"), 1 << 16).unwrap();
        assert!(store.compare_and_swap(b"k", None, b"1").unwrap());
        assert!(!store.compare_and_swap(b"k", None, b"2").unwrap());
        assert_eq!(store.get(b"k").unwrap().as_deref(), Some(&b"1"[..]));
    }

    #[test]
    fn applies_together() {
        let store = Store::open(Path::new("test"), 1 << 16).unwrap();
        let put = Operation::Put { key: b"a".to_vec(), value: b"1".to_vec() };
        store.apply(&[put, Operation::Delete { key: b"b".to_vec() }]).unwrap();
        assert!(store.rename(b"a", b"b", false).unwrap());
        assert_eq!(store.get(b"a").unwrap(), None);
    }
}
