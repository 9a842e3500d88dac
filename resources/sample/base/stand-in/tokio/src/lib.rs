// SPDX-License-Identifier: GPL-3.0-or-later
//! The part of `tokio` that the store needs: one thread a task, waiting by polling again.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

pub mod io;
pub mod sync;
pub mod time;

struct Repoll;

impl Wake for Repoll {
    fn wake(self: Arc<Self>) {}
}

/// Drives a future to its end on this thread.
pub fn block_on<F: Future>(future: F) -> F::Output {
    let waker = Waker::from(Arc::new(Repoll));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::yield_now(),
        }
    }
}

pub fn spawn<F>(future: F) -> thread::JoinHandle<F::Output>
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    thread::spawn(|| block_on(future))
}

/// Waits for whichever of two futures is ready first and drops the other one.
#[macro_export]
macro_rules! select {
    ($left:pat = $first:expr => $one:expr, $right:pat = $second:expr => $two:expr $(,)?) => {{
        enum Ready<A, B> {
            First(A),
            Second(B),
        }
        let ready = {
            let mut first = std::pin::pin!($first);
            let mut second = std::pin::pin!($second);
            std::future::poll_fn(|context| {
                use std::future::Future;
                if let std::task::Poll::Ready(output) = first.as_mut().poll(context) {
                    return std::task::Poll::Ready(Ready::First(output));
                }
                second.as_mut().poll(context).map(Ready::Second)
            })
            .await
        };
        match ready {
            Ready::First($left) => $one,
            Ready::Second($right) => $two,
        }
    }};
}
