// One step of traffic, a thread for each vehicle. `traffic.rs` says what it models, does the same on a CPU, and puts the
// constants in front of this text.
//
// A step is `change`, `occupy`, `follow`, `occupy`, `tick`; between `change` and `follow` the two lists of vehicles trade
// places, and before each `occupy` the cells are cleared.

struct Vehicle {
    position_m: f32,
    speed_mps: f32,
    lane: u32,
    desired_mps: f32,
}

struct Other {
    gap_m: f32,
    speed_mps: f32,
}

@group(0) @binding(0) var<storage, read_write> state: array<Vehicle>;
@group(0) @binding(1) var<storage, read_write> next: array<Vehicle>;
// Who is in which cell: the vehicle's number and one more, 0 for nobody.
@group(0) @binding(2) var<storage, read_write> cells: array<u32>;
@group(0) @binding(3) var<storage, read_write> clock: array<u32>;

fn safe_mps(gap_m: f32, leader_mps: f32) -> f32 {
    let free_m = max(gap_m - MIN_GAP_M, 0.0);
    let reaction_mps = DECELERATION_MPS2 * HEADWAY_S;
    return sqrt(reaction_mps * reaction_mps + leader_mps * leader_mps + 2.0 * DECELERATION_MPS2 * free_m) - reaction_mps;
}

fn random(vehicle: u32, step: u32) -> f32 {
    var x = vehicle * 747796405u + step * 2891336453u + 1u;
    x = (x ^ (x >> 16u)) * 0x7feb352du;
    x = (x ^ (x >> 15u)) * 0x846ca68bu;
    x = x ^ (x >> 16u);
    return f32(x >> 8u) / 16777216.0;
}

fn ahead(lane: u32, position_m: f32, first: u32) -> Other {
    let cell = u32(position_m / CELL_M);
    for (var k = first; k <= SIGHT_CELLS; k++) {
        let occupant = cells[lane * CELLS + (cell + k) % CELLS];
        if (occupant == 0u) { continue; }
        let other = state[occupant - 1u];
        var way_m = other.position_m - position_m;
        if (k == 0u && way_m < 0.0) { continue; }
        if (way_m < 0.0) { way_m += RING_M; }
        return Other(way_m - LENGTH_M, other.speed_mps);
    }
    return Other(SIGHT_M, SIGHT_MPS);
}

// Nobody behind stands in the way of nobody.
fn behind(lane: u32, position_m: f32) -> Other {
    let cell = u32(position_m / CELL_M);
    for (var k = 0u; k <= SIGHT_CELLS; k++) {
        let occupant = cells[lane * CELLS + (cell + CELLS - k) % CELLS];
        if (occupant == 0u) { continue; }
        let other = state[occupant - 1u];
        var way_m = position_m - other.position_m;
        if (k == 0u && way_m <= 0.0) { continue; }
        if (way_m < 0.0) { way_m += RING_M; }
        return Other(way_m - LENGTH_M, other.speed_mps);
    }
    return Other(SIGHT_M, 0.0);
}

fn changes(me: Vehicle, to: u32, to_left: bool) -> bool {
    let leader = ahead(me.lane, me.position_m, 1u);
    let other = ahead(to, me.position_m, 0u);
    let here_mps = min(me.desired_mps, safe_mps(leader.gap_m, leader.speed_mps));
    let there_mps = min(me.desired_mps, safe_mps(other.gap_m, other.speed_mps));
    if (to_left) {
        if (there_mps <= here_mps + GAIN_MPS) { return false; }
    } else if (there_mps < me.desired_mps) {
        return false;
    }
    if (other.gap_m < MIN_GAP_M || me.speed_mps > safe_mps(other.gap_m, other.speed_mps)) { return false; }
    let follower = behind(to, me.position_m);
    return follower.gap_m >= MIN_GAP_M && follower.speed_mps <= safe_mps(follower.gap_m, me.speed_mps);
}

@compute @workgroup_size(WORKGROUP)
fn change(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if (row >= arrayLength(&state)) { return; }
    var me = state[row];
    let number = me.lane % LANES;
    let to_left = clock[0] % 2u == 0u;
    if (to_left && number + 1u < LANES) {
        if (changes(me, me.lane + 1u, true)) { me.lane += 1u; }
    } else if (!to_left && number > 0u) {
        if (changes(me, me.lane - 1u, false)) { me.lane -= 1u; }
    }
    next[row] = me;
}

@compute @workgroup_size(WORKGROUP)
fn follow(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if (row >= arrayLength(&state)) { return; }
    var me = state[row];
    let leader = ahead(me.lane, me.position_m, 1u);
    let most_mps = min(min(me.speed_mps + ACCELERATION_MPS2 * STEP_S, me.desired_mps), safe_mps(leader.gap_m, leader.speed_mps));
    me.speed_mps = max(most_mps - IMPERFECTION * ACCELERATION_MPS2 * STEP_S * random(row, clock[0]), 0.0);
    me.position_m += me.speed_mps * STEP_S;
    if (me.position_m >= RING_M) { me.position_m -= RING_M; }
    next[row] = me;
}

@compute @workgroup_size(WORKGROUP)
fn occupy(@builtin(global_invocation_id) id: vec3<u32>) {
    let row = id.x;
    if (row >= arrayLength(&next)) { return; }
    let me = next[row];
    cells[me.lane * CELLS + u32(me.position_m / CELL_M)] = row + 1u;
}

@compute @workgroup_size(1)
fn tick() {
    clock[0] += 1u;
}
