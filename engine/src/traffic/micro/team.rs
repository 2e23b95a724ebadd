//! Threads that stay awake from phase to phase.
//!
//! A step takes less than a millisecond and has several phases in parallel. A thread that sleeps takes a good part of that
//! to wake, so that two threads would hardly be faster than one: for as long as a simulation runs, the others look for
//! work without a break. Left to themselves are simulations that are themselves a part of parallel work, such as one of
//! many seeds: there every thread has enough to do. While few are on the road, a step takes less time than to wait for
//! others several times: one thread does it, and the others sleep.

use std::sync::atomic::{AtomicBool, Ordering};

use rayon::Yield;
use rayon::prelude::*;

/// So often does a thread look for work in vain before it lets others have the processor.
const LOOKS: u32 = 64;

/// Lets the threads of the pool help with what `run` does in parallel, as soon as there is something to do.
pub(super) fn together<R: Send>(run: impl FnOnce() -> R + Send) -> R {
    let threads = rayon::current_num_threads();
    if threads == 1 || rayon::current_thread_index().is_some() {
        return run();
    }
    let is_over = AtomicBool::new(false);
    rayon::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(|_| help_until(&is_over));
        }
        let _over = SetAtEnd(&is_over);
        run()
    })
}

/// Works on whatever others share out.
fn help_until(is_over: &AtomicBool) {
    let mut in_vain = 0;
    while !is_over.load(Ordering::Relaxed) {
        if rayon::yield_now() == Some(Yield::Executed) {
            in_vain = 0;
        } else if in_vain < LOOKS {
            in_vain += 1;
            std::hint::spin_loop();
        } else {
            std::thread::yield_now();
        }
    }
}

/// Also where the work panics, the others must not wait for ever.
struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Does something with each element, on all threads if it is worth sharing out and there are several.
pub(super) fn each<T: Send>(is_shared: bool, items: &mut [T], work: impl Fn(usize, &mut T) + Sync) {
    if is_shared && rayon::current_num_threads() > 1 {
        items.par_iter_mut().enumerate().with_max_len(1).for_each(|(number, item)| work(number, item));
    } else {
        items.iter_mut().enumerate().for_each(|(number, item)| work(number, item));
    }
}
