//! The same traffic on whatever graphics processor, or stand-in for one, Vulkan finds.

use wgpu::util::{BufferInitDescriptor, DeviceExt};

use crate::traffic::{Traffic, Vehicle, WORKGROUP, constants};

const KERNEL: &str = include_str!("traffic.wgsl");
/// Steps handed over at once.
const BATCH: u32 = 16;

pub struct Gpu {
    pub name: String,
    device: wgpu::Device,
    queue: wgpu::Queue,
    kernels: Kernels,
}

struct Kernels {
    layout: wgpu::BindGroupLayout,
    change: wgpu::ComputePipeline,
    follow: wgpu::ComputePipeline,
    occupy: wgpu::ComputePipeline,
    tick: wgpu::ComputePipeline,
}

/// Traffic that lies on the device.
pub struct Resident<'a> {
    gpu: &'a Gpu,
    count: u32,
    vehicles: wgpu::Buffer,
    cells: wgpu::Buffer,
    clock: wgpu::Buffer,
    /// The lists of vehicles as they are, and with places traded.
    groups: [wgpu::BindGroup; 2],
}

impl Gpu {
    /// The first adapter that there is, if any.
    pub fn find() -> Option<Self> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
        let adapter = pollster::block_on(instance.request_adapter(&wgpu::RequestAdapterOptions::default())).ok()?;
        let info = adapter.get_info();
        let descriptor = wgpu::DeviceDescriptor { required_limits: adapter.limits(), ..Default::default() };
        let (device, queue) = pollster::block_on(adapter.request_device(&descriptor)).ok()?;
        let kernels = Kernels::new(&device);
        Some(Self { name: format!("{} ({:?})", info.name, info.device_type), device, queue, kernels })
    }

    /// Puts traffic onto the device.
    pub fn load(&self, traffic: &Traffic) -> Resident<'_> {
        let usage = wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        let buffer =
            |contents: &[u8]| self.device.create_buffer_init(&BufferInitDescriptor { label: None, contents, usage });
        let vehicles = buffer(bytemuck::cast_slice(&traffic.vehicles));
        let next = buffer(bytemuck::cast_slice(&traffic.vehicles));
        let clock = buffer(bytemuck::bytes_of(&traffic.step));
        let cells = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: traffic.cell_count() as u64 * 4,
            usage,
            mapped_at_creation: false,
        });
        let group = |state: &wgpu::Buffer, next: &wgpu::Buffer| {
            let buffers = [state, next, &cells, &clock];
            let entries: Vec<wgpu::BindGroupEntry> = (0..)
                .zip(buffers)
                .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
                .collect();
            let layout = &self.kernels.layout;
            self.device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
        };
        let groups = [group(&vehicles, &next), group(&next, &vehicles)];
        let resident = Resident { gpu: self, count: traffic.vehicles.len() as u32, vehicles, cells, clock, groups };
        // Cells are filled from the list that comes next: with places traded, that is where the vehicles are.
        let mut encoder = self.device.create_command_encoder(&Default::default());
        resident.occupy(&mut encoder, 1);
        self.queue.submit([encoder.finish()]);
        resident
    }
}

impl Kernels {
    fn new(device: &wgpu::Device) -> Self {
        let source = constants() + KERNEL;
        let source = wgpu::ShaderSource::Wgsl(source.into());
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor { label: None, source });
        let entries = [0, 1, 2, 3].map(|binding| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::COMPUTE,
            ty: wgpu::BindingType::Buffer {
                ty: wgpu::BufferBindingType::Storage { read_only: false },
                has_dynamic_offset: false,
                min_binding_size: None,
            },
            count: None,
        });
        let layout =
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: None,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        let pipeline = |entry_point| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry_point),
                layout: Some(&pipeline_layout),
                module: &module,
                entry_point: Some(entry_point),
                compilation_options: Default::default(),
                cache: None,
            })
        };
        let [change, follow, occupy, tick] = ["change", "follow", "occupy", "tick"].map(pipeline);
        Self { layout, change, follow, occupy, tick }
    }
}

impl Resident<'_> {
    /// Lets so many steps happen, and waits for the end of the last.
    pub fn advance(&self, steps: u32) {
        let mut left = steps;
        while left > 0 {
            let batch = left.min(BATCH);
            let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
            for _ in 0..batch {
                self.dispatch(&mut encoder, &self.gpu.kernels.change, 0, self.workgroups());
                self.occupy(&mut encoder, 0);
                self.dispatch(&mut encoder, &self.gpu.kernels.follow, 1, self.workgroups());
                self.occupy(&mut encoder, 1);
                self.dispatch(&mut encoder, &self.gpu.kernels.tick, 0, 1);
            }
            self.gpu.queue.submit([encoder.finish()]);
            left -= batch;
        }
        self.wait();
    }

    /// Everybody, and the step that comes next.
    pub fn read(&self) -> Traffic {
        let vehicles: Vec<Vehicle> = self.read_buffer(&self.vehicles);
        let step: Vec<u32> = self.read_buffer(&self.clock);
        Traffic::from(vehicles, step[0])
    }

    fn workgroups(&self) -> u32 {
        self.count.div_ceil(WORKGROUP)
    }

    fn occupy(&self, encoder: &mut wgpu::CommandEncoder, group: usize) {
        encoder.clear_buffer(&self.cells, 0, None);
        self.dispatch(encoder, &self.gpu.kernels.occupy, group, self.workgroups());
    }

    fn dispatch(&self, encoder: &mut wgpu::CommandEncoder, kernel: &wgpu::ComputePipeline, group: usize, count: u32) {
        let mut pass = encoder.begin_compute_pass(&Default::default());
        pass.set_pipeline(kernel);
        pass.set_bind_group(0, &self.groups[group], &[]);
        pass.dispatch_workgroups(count, 1, 1);
    }

    fn wait(&self) {
        self.gpu.device.poll(wgpu::PollType::wait_indefinitely()).expect("the device answers");
    }

    fn read_buffer<T: bytemuck::Pod>(&self, buffer: &wgpu::Buffer) -> Vec<T> {
        let copy = self.gpu.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: buffer.size(),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self.gpu.device.create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(buffer, 0, &copy, 0, buffer.size());
        self.gpu.queue.submit([encoder.finish()]);
        copy.map_async(wgpu::MapMode::Read, .., |mapped| mapped.expect("what was copied can be read"));
        self.wait();
        bytemuck::cast_slice(&copy.get_mapped_range(..)).to_vec()
    }
}
