//! Car following and lane changing on a graphics processor: the same as its twin on a CPU, and how fast.
//!
//! `make bench-gpu`, or `cargo run --release -- VEHICLES STEPS` in this folder. Needs Vulkan: where there is no graphics
//! processor, Debian's `mesa-vulkan-drivers` stand in for one in software (llvmpipe), which shows that the kernel is right,
//! not that it is fast. Without any adapter it says so and does nothing. Exit code 1 where the two disagree.
//!
//! Graphics processors round otherwise (fused multiply-add, less exact square roots), so that equal bits are not to be had.
//! Two things are held. From the same state, one step leaves all but [`ASTRAY`] of the vehicles on the same lane, within
//! [`POSITION_TOLERANCE_M`] and [`SPEED_TOLERANCE_MPS`]: the others stood at the edge of a decision. And after [`APART`]
//! steps of their own the mean speeds differ by less than [`MEAN_TOLERANCE`], although no vehicle need be at the same place.

mod device;
mod traffic;

use std::process::ExitCode;
use std::time::Instant;

use crate::device::Gpu;
use crate::traffic::Traffic;

const POSITION_TOLERANCE_M: f32 = 1e-3;
const SPEED_TOLERANCE_MPS: f32 = 1e-3;
const ASTRAY: f64 = 1e-4;
const MEAN_TOLERANCE: f64 = 2e-3;

/// Vehicles of the comparison, and how many states are compared so many steps apart.
const COMPARED: u32 = 100_000;
const STATES: u32 = 10;
const BETWEEN: u32 = 30;
const APART: u32 = 400;

fn main() -> ExitCode {
    let arguments: Vec<u32> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let (count, steps) = match arguments.as_slice() {
        [count, steps] => (*count, *steps),
        [count] => (*count, 100),
        _ => (2_500_000, 100),
    };
    let Some(gpu) = Gpu::find() else {
        println!("no adapter that Vulkan knows: nothing to compare with and to measure");
        return ExitCode::SUCCESS;
    };
    println!("on {}", gpu.name);
    let agree = compare_steps(&gpu) && compare_apart(&gpu);
    measure(&gpu, count, steps);
    if agree { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// One step from the same state, again and again.
fn compare_steps(gpu: &Gpu) -> bool {
    let mut cpu = Traffic::new(COMPARED);
    let (mut position_m, mut speed_mps, mut astray) = (0.0_f32, 0.0_f32, 0_usize);
    let (mut changed, mut sound) = (0, true);
    for _ in 0..STATES {
        for _ in 0..BETWEEN {
            cpu.advance();
        }
        for _ in 0..2 {
            let resident = gpu.load(&cpu);
            resident.advance(1);
            let other = resident.read();
            let before = cpu.vehicles.clone();
            cpu.advance();
            sound &= cpu.is_sound() && other.is_sound() && other.step == cpu.step;
            changed += before.iter().zip(&cpu.vehicles).filter(|(a, b)| a.lane != b.lane).count();
            for (a, b) in cpu.vehicles.iter().zip(&other.vehicles) {
                let (apart_m, faster_mps) = ((a.position_m - b.position_m).abs(), (a.speed_mps - b.speed_mps).abs());
                if a.lane == b.lane && apart_m <= POSITION_TOLERANCE_M && faster_mps <= SPEED_TOLERANCE_MPS {
                    position_m = position_m.max(apart_m);
                    speed_mps = speed_mps.max(faster_mps);
                } else {
                    astray += 1;
                }
            }
        }
    }
    let share = astray as f64 / (f64::from(2 * STATES) * cpu.vehicles.len() as f64);
    let agree = sound && changed > 0 && share <= ASTRAY;
    println!(
        "one step from the same state, {} times {} vehicles, {changed} changes of lane: {astray} decided otherwise \
         ({share:.1e}, at most {ASTRAY:.0e}), the others within {position_m:.1e} m and {speed_mps:.1e} m/s: {}",
        2 * STATES,
        cpu.vehicles.len(),
        verdict(agree)
    );
    agree
}

/// Each for itself from the beginning.
fn compare_apart(gpu: &Gpu) -> bool {
    let mut cpu = Traffic::new(COMPARED);
    let resident = gpu.load(&cpu);
    resident.advance(APART);
    let other = resident.read();
    for _ in 0..APART {
        cpu.advance();
    }
    let (mean, others) = (cpu.mean_speed_mps(), other.mean_speed_mps());
    let agree = other.is_sound() && cpu.is_sound() && (others / mean - 1.0).abs() <= MEAN_TOLERANCE;
    println!("{APART} steps apart: mean speeds {mean:.4} and {others:.4} m/s, nobody overlaps: {}", verdict(agree));
    agree
}

fn verdict(agree: bool) -> &'static str {
    if agree { "they agree" } else { "THEY DISAGREE" }
}

/// Vehicle updates a second, with everything on the device, and on one thread of the CPU.
fn measure(gpu: &Gpu, count: u32, steps: u32) {
    let mut cpu = Traffic::new(count);
    let resident = gpu.load(&cpu);
    resident.advance(steps);
    let begin = Instant::now();
    resident.advance(steps);
    let gpu_s = begin.elapsed().as_secs_f64();
    let updates = cpu.vehicles.len() as f64;
    println!("{count} vehicles: {:.1} million vehicle updates a second", updates * f64::from(steps) / gpu_s / 1e6);
    let twin_steps = steps.div_ceil(10);
    for _ in 0..twin_steps {
        cpu.advance();
    }
    let begin = Instant::now();
    for _ in 0..twin_steps {
        cpu.advance();
    }
    let cpu_s = begin.elapsed().as_secs_f64();
    println!("its twin on one thread: {:.1} million", updates * f64::from(twin_steps) / cpu_s / 1e6);
}
