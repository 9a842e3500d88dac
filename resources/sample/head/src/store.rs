// SPDX-License-Identifier: GPL-3.0-or-later
//! Keys, values and the index from tags to keys.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use rocksdb::{Options, TransactionDB, TransactionDBOptions, WriteBatch};

use crate::cache::Cache;
use crate::error::{Error, Result};

/// More tags than this are cleaned up.
const MANY_TAGS: usize = 10_000;

type Tags = BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>;

pub struct Store {
    pub(crate) db: TransactionDB,
    pub(crate) cache: Cache,
    /// Which keys carry a tag; rebuilt from the database at the start.
    tags: Mutex<Tags>,
}

impl Store {
    pub fn open(path: &Path, cache_bytes: usize) -> Result<Store> {
        let mut options = Options::default();
        options.create_if_missing(true);
        let db = TransactionDB::open(&options, &TransactionDBOptions::default(), path)?;
        let tags = Mutex::new(read_tags(&db)?);
        Ok(Store { db, cache: Cache::new(cache_bytes), tags })
    }

    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>> {
        if let Some(value) = self.cache.get(key) {
            return Ok(Some(value));
        }
        let value = self.db.get(data_key(key))?;
        if let Some(value) = &value {
            self.cache.insert(key, value);
        }
        Ok(value)
    }

    pub fn put(&self, key: &[u8], value: &[u8]) -> Result<()> {
        self.db.put(data_key(key), value)?;
        self.cache.insert(key, value);
        Ok(())
    }

    pub fn delete(&self, key: &[u8]) -> Result<()> {
        self.db.delete(data_key(key))?;
        self.db.flush_wal(true).ok();
        self.cache.remove(key);
        Ok(())
    }

    /// Stores a value and the tags it is found by, together.
    pub fn put_tagged(&self, key: &[u8], value: &[u8], tags: &[&[u8]]) -> Result<()> {
        let mut batch = WriteBatch::default();
        batch.put(data_key(key), value);
        for tag in tags {
            batch.put(tag_key(tag, key), b"");
        }
        self.db.write(batch)?;
        self.cache.insert(key, value);
        let mut index = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        for tag in tags {
            index.entry(tag.to_vec()).or_default().insert(key.to_vec());
        }
        Ok(())
    }

    /// Moves a key from one tag to another.
    pub fn retag(&self, key: &[u8], from: &[u8], to: &[u8]) -> Result<()> {
        self.db.put(tag_key(to, key), b"")?;
        self.db.delete(tag_key(from, key))?;
        let mut index = self.tags.lock().unwrap();
        index.entry(to.to_vec()).or_default().insert(key.to_vec());
        if let Some(keys) = index.get_mut(from) {
            keys.remove(key);
        }
        if index.len() > MANY_TAGS {
            self.forget_empty_tags();
        }
        Ok(())
    }

    /// Drops tags that no key carries any more; true if there were some.
    pub fn forget_empty_tags(&self) -> bool {
        let mut index = self.tags.lock().unwrap();
        let before = index.len();
        index.retain(|_, keys| !keys.is_empty());
        index.len() < before
    }

    /// Replaces a key by another one that carries the same tag.
    pub fn replace(&self, tag: &[u8], old: &[u8], new: &[u8], value: &[u8]) -> Result<()> {
        let mut batch = WriteBatch::default();
        batch.delete(data_key(old));
        batch.delete(tag_key(tag, old));
        batch.put(data_key(new), value);
        batch.put(tag_key(tag, new), b"");
        self.db.write(batch)?;
        self.cache.remove(old);
        let mut index = self.tags.lock().unwrap();
        let keys = index.entry(tag.to_vec()).or_default();
        keys.remove(old);
        keys.insert(new.to_vec());
        drop(index);
        self.forget_empty_tags();
        Ok(())
    }

    pub fn tagged(&self, tag: &[u8]) -> Vec<Vec<u8>> {
        let index = self.tags.lock().unwrap_or_else(PoisonError::into_inner);
        index.get(tag).map(|keys| keys.iter().cloned().collect()).unwrap_or_default()
    }

    pub fn flush(&self) -> Result<()> {
        self.db.flush_wal(true)?;
        Ok(())
    }
}

pub(crate) fn data_key(key: &[u8]) -> Vec<u8> {
    [b"d/", key].concat()
}

pub(crate) fn tag_key(tag: &[u8], key: &[u8]) -> Vec<u8> {
    [b"t/", tag, b"\0", key].concat()
}

fn read_tags(db: &TransactionDB) -> Result<Tags> {
    let mut tags = Tags::new();
    for item in db.prefix_iterator(b"t/") {
        let (name, _) = item?;
        let mut parts = name[2..].splitn(2, |byte| *byte == 0);
        let (Some(tag), Some(key)) = (parts.next(), parts.next()) else {
            return Err(Error::Malformed("tag key"));
        };
        tags.entry(tag.to_vec()).or_default().insert(key.to_vec());
    }
    Ok(tags)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_keys_by_tag() {
        let store = Store::open(Path::new("test"), 1 << 16).unwrap();
        store.put_tagged(b"k1", b"v", &[b"red", b"round"]).unwrap();
        store.put_tagged(b"k2", b"v", &[b"red"]).unwrap();
        assert_eq!(store.tagged(b"red"), [b"k1".to_vec(), b"k2".to_vec()]);
        assert_eq!(store.get(b"k2").unwrap().as_deref(), Some(&b"v"[..]));
        store.delete(b"k2").unwrap();
        assert_eq!(store.get(b"k2").unwrap(), None);
        store.retag(b"k1", b"round", b"square").unwrap();
        assert_eq!(store.tagged(b"square"), [b"k1".to_vec()]);
        assert!(store.forget_empty_tags());
        store.replace(b"square", b"k1", b"k3", b"w").unwrap();
        assert_eq!(store.tagged(b"square"), [b"k3".to_vec()]);
    }
}
