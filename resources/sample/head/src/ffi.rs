// SPDX-License-Identifier: GPL-3.0-or-later
//! The C interface. Functions return 0 or a length, and a negative number for a failure.

use std::ffi::{c_char, c_int, CStr};
use std::ops::Deref;
use std::path::Path;
use std::ptr;
use std::slice;

use crate::store::Store;

const INVALID: c_int = -1;
const FAILED: c_int = -2;

/// A value that C code owns by its address.
pub struct Handle<T> {
    value: *mut T,
}

// SAFETY: the handle is the only owner of its value.
unsafe impl<T> Send for Handle<T> {}

impl<T> Handle<T> {
    pub fn new(value: T) -> Handle<T> {
        Handle { value: Box::into_raw(Box::new(value)) }
    }

    pub fn into_raw(self) -> *mut T {
        let value = self.value;
        std::mem::forget(self);
        value
    }
}

impl<T> Deref for Handle<T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `value` came from a box and is freed when the handle is dropped.
        unsafe { &*self.value }
    }
}

impl<T> Drop for Handle<T> {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.value) });
    }
}

/// Opens the store in a folder; null if that fails.
///
/// # Safety
/// `path` ends with a zero byte.
#[no_mangle]
pub unsafe extern "C" fn kv_open(path: *const c_char, cache_bytes: usize) -> *mut Store {
    if path.is_null() {
        return ptr::null_mut();
    }
    // SAFETY: not null, and the caller guarantees the zero byte.
    let path = unsafe { CStr::from_ptr(path) };
    let path = Path::new(path.to_str().unwrap());
    match Store::open(path, cache_bytes) {
        Ok(store) => Handle::new(store).into_raw(),
        Err(_) => ptr::null_mut(),
    }
}

/// Stores a value under a key.
///
/// # Safety
/// `store` comes from `kv_open`; `key` and `value` have at least as many bytes as their lengths say.
#[no_mangle]
pub unsafe extern "C" fn kv_put(
    store: *const Store,
    key: *const u8,
    key_len: usize,
    value: *const u8,
    value_len: usize,
) -> c_int {
    if store.is_null() || value.is_null() {
        return INVALID;
    }
    // SAFETY: the caller guarantees the pointers and the lengths.
    let (store, key, value) = unsafe {
        (
            &*store,
            slice::from_raw_parts(key, key_len),
            slice::from_raw_parts(value, value_len),
        )
    };
    match store.put(key, value) {
        Ok(()) => 0,
        Err(_) => FAILED,
    }
}

/// Copies the value of a key into `out` and returns its length, which may be larger than `out_len`: then nothing is copied.
///
/// # Safety
/// `store` comes from `kv_open`; `key` and `out` have at least as many bytes as their lengths say.
#[no_mangle]
pub unsafe extern "C" fn kv_get(
    store: *const Store,
    key: *const u8,
    key_len: usize,
    out: *mut u8,
    out_len: usize,
) -> isize {
    if store.is_null() || key.is_null() || out.is_null() {
        return INVALID as isize;
    }
    // SAFETY: not null, and the caller guarantees the lengths.
    let (store, key) = unsafe { (&*store, slice::from_raw_parts(key, key_len)) };
    let Ok(Some(value)) = store.get(key) else {
        return FAILED as isize;
    };
    if value.len() <= out_len {
        unsafe { ptr::copy_nonoverlapping(value.as_ptr(), out, value.len()) };
    }
    isize::try_from(value.len()).unwrap_or(FAILED as isize)
}

/// Closes a store; null is allowed.
///
/// # Safety
/// `store` comes from `kv_open` and is not used any more.
#[no_mangle]
pub unsafe extern "C" fn kv_close(store: *mut Store) {
    if !store.is_null() {
        // SAFETY: the box was given out by `kv_open`, and the caller gives it back once.
        drop(unsafe { Box::from_raw(store) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_and_finds() {
        let mut out = [0; 4];
        unsafe {
            let store = kv_open(c"test".as_ptr(), 1 << 16);
            assert_eq!(kv_put(store, b"k".as_ptr(), 1, b"v".as_ptr(), 1), 0);
            assert_eq!(kv_get(store, b"k".as_ptr(), 1, out.as_mut_ptr(), out.len()), 1);
            assert_eq!(kv_get(ptr::null(), b"k".as_ptr(), 1, out.as_mut_ptr(), out.len()), -1);
            kv_close(store);
            kv_close(ptr::null_mut());
        }
        assert_eq!(out[0], b'v');
    }
}
