// SPDX-License-Identifier: GPL-3.0-or-later
use std::cell::UnsafeCell;
use std::future::poll_fn;
use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;

/// A lock that is waited for without blocking the thread.
#[derive(Default)]
pub struct Mutex<T> {
    locked: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: `locked` lets one guard at a time reach the value, so the value moves between threads but is never shared.
unsafe impl<T: Send> Sync for Mutex<T> {}

pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
}

impl<T> Mutex<T> {
    pub fn new(value: T) -> Self {
        Mutex { locked: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    pub async fn lock(&self) -> MutexGuard<'_, T> {
        poll_fn(|_| match self.locked.swap(true, Ordering::Acquire) {
            true => Poll::Pending,
            false => Poll::Ready(()),
        })
        .await;
        MutexGuard { mutex: self }
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: this guard holds the lock.
        unsafe { &*self.mutex.value.get() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: this guard holds the lock and is borrowed alone.
        unsafe { &mut *self.mutex.value.get() }
    }
}

impl<T> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        self.mutex.locked.store(false, Ordering::Release);
    }
}

pub mod mpsc {
    use std::future::poll_fn;
    use std::sync::mpsc::{self, TryRecvError, TrySendError};
    use std::task::Poll;

    #[derive(Debug)]
    pub struct SendError<T>(pub T);

    pub struct Sender<T>(mpsc::SyncSender<T>);
    pub struct UnboundedSender<T>(mpsc::Sender<T>);
    pub struct Receiver<T>(mpsc::Receiver<T>);
    pub type UnboundedReceiver<T> = Receiver<T>;

    pub fn channel<T>(bound: usize) -> (Sender<T>, Receiver<T>) {
        let (sender, receiver) = mpsc::sync_channel(bound);
        (Sender(sender), Receiver(receiver))
    }

    pub fn unbounded_channel<T>() -> (UnboundedSender<T>, UnboundedReceiver<T>) {
        let (sender, receiver) = mpsc::channel();
        (UnboundedSender(sender), Receiver(receiver))
    }

    impl<T> Sender<T> {
        pub async fn send(&self, value: T) -> Result<(), SendError<T>> {
            let mut waiting = Some(value);
            poll_fn(|_| match waiting.take().map(|value| self.0.try_send(value)) {
                Some(Err(TrySendError::Full(value))) => {
                    waiting = Some(value);
                    Poll::Pending
                }
                Some(Err(TrySendError::Disconnected(value))) => Poll::Ready(Err(SendError(value))),
                Some(Ok(())) | None => Poll::Ready(Ok(())),
            })
            .await
        }
    }

    impl<T> UnboundedSender<T> {
        pub fn send(&self, value: T) -> Result<(), SendError<T>> {
            self.0.send(value).map_err(|error| SendError(error.0))
        }
    }

    impl<T> Receiver<T> {
        pub async fn recv(&mut self) -> Option<T> {
            poll_fn(|_| match self.0.try_recv() {
                Ok(value) => Poll::Ready(Some(value)),
                Err(TryRecvError::Empty) => Poll::Pending,
                Err(TryRecvError::Disconnected) => Poll::Ready(None),
            })
            .await
        }
    }
}
