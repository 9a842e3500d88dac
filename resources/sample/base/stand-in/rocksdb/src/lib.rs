// SPDX-License-Identifier: GPL-3.0-or-later
//! The part of `rocksdb` that the store needs, in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    Busy,
    IOError,
}

#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

impl Error {
    fn new(kind: ErrorKind, message: &str) -> Self {
        Error { kind, message: message.into() }
    }

    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[derive(Default)]
pub struct Options {
    create_if_missing: bool,
}

impl Options {
    pub fn create_if_missing(&mut self, create: bool) {
        self.create_if_missing = create;
    }
}

#[derive(Default)]
pub struct TransactionDBOptions;

/// Changes that become visible together.
#[derive(Default)]
pub struct WriteBatch {
    changes: Vec<(Vec<u8>, Option<Vec<u8>>)>,
}

impl WriteBatch {
    pub fn put(&mut self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.changes.push((key.as_ref().to_vec(), Some(value.as_ref().to_vec())));
    }

    pub fn delete(&mut self, key: impl AsRef<[u8]>) {
        self.changes.push((key.as_ref().to_vec(), None));
    }
}

type Pair = (Box<[u8]>, Box<[u8]>);

/// A database whose transactions lock the keys they write or read for update.
pub struct TransactionDB {
    data: Mutex<BTreeMap<Vec<u8>, Vec<u8>>>,
    locked: Mutex<BTreeSet<Vec<u8>>>,
}

fn guard<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl TransactionDB {
    pub fn open(options: &Options, _: &TransactionDBOptions, path: impl AsRef<Path>) -> Result<Self, Error> {
        if path.as_ref().as_os_str().is_empty() || !options.create_if_missing {
            return Err(Error::new(ErrorKind::IOError, "the database does not exist"));
        }
        Ok(TransactionDB { data: Mutex::default(), locked: Mutex::default() })
    }

    pub fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, Error> {
        Ok(guard(&self.data).get(key.as_ref()).cloned())
    }

    pub fn put(&self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut batch = WriteBatch::default();
        batch.put(key, value);
        self.write(batch)
    }

    pub fn delete(&self, key: impl AsRef<[u8]>) -> Result<(), Error> {
        let mut batch = WriteBatch::default();
        batch.delete(key);
        self.write(batch)
    }

    pub fn write(&self, batch: WriteBatch) -> Result<(), Error> {
        let mut data = guard(&self.data);
        for (key, value) in batch.changes {
            match value {
                Some(value) => data.insert(key, value),
                None => data.remove(&key),
            };
        }
        Ok(())
    }

    pub fn flush_wal(&self, _sync: bool) -> Result<(), Error> {
        Ok(())
    }

    pub fn prefix_iterator(&self, prefix: impl AsRef<[u8]>) -> impl Iterator<Item = Result<Pair, Error>> {
        let prefix = prefix.as_ref();
        let found: Vec<_> = guard(&self.data)
            .range(prefix.to_vec()..)
            .take_while(|(key, _)| key.starts_with(prefix))
            .map(|(key, value)| Ok((key.clone().into_boxed_slice(), value.clone().into_boxed_slice())))
            .collect();
        found.into_iter()
    }

    pub fn transaction(&self) -> Transaction<'_> {
        Transaction { db: self, batch: Mutex::default(), keys: Mutex::default() }
    }

    fn lock(&self, key: &[u8]) -> Result<(), Error> {
        if guard(&self.locked).insert(key.to_vec()) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::Busy, "another transaction holds the key"))
    }
}

/// Rolled back when it is dropped without `commit`.
pub struct Transaction<'db> {
    db: &'db TransactionDB,
    batch: Mutex<WriteBatch>,
    keys: Mutex<BTreeSet<Vec<u8>>>,
}

impl Transaction<'_> {
    pub fn get(&self, key: impl AsRef<[u8]>) -> Result<Option<Vec<u8>>, Error> {
        let key = key.as_ref();
        let written = guard(&self.batch).changes.iter().rev().find(|change| change.0 == key).cloned();
        match written {
            Some((_, value)) => Ok(value),
            None => self.db.get(key),
        }
    }

    pub fn get_for_update(&self, key: impl AsRef<[u8]>, _exclusive: bool) -> Result<Option<Vec<u8>>, Error> {
        self.lock(key.as_ref())?;
        self.get(key)
    }

    pub fn put(&self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Result<(), Error> {
        self.lock(key.as_ref())?;
        guard(&self.batch).put(key, value);
        Ok(())
    }

    pub fn delete(&self, key: impl AsRef<[u8]>) -> Result<(), Error> {
        self.lock(key.as_ref())?;
        guard(&self.batch).delete(key);
        Ok(())
    }

    pub fn commit(self) -> Result<(), Error> {
        let batch = std::mem::take(&mut *guard(&self.batch));
        self.db.write(batch)
    }

    pub fn rollback(&self) -> Result<(), Error> {
        *guard(&self.batch) = WriteBatch::default();
        Ok(())
    }

    fn lock(&self, key: &[u8]) -> Result<(), Error> {
        let mut keys = guard(&self.keys);
        if !keys.contains(key) {
            self.db.lock(key)?;
            keys.insert(key.to_vec());
        }
        Ok(())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        let mut locked = guard(&self.db.locked);
        for key in guard(&self.keys).iter() {
            locked.remove(key);
        }
    }
}
