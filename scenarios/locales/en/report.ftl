# Texts of the report in English. Gaps are filled with numbers already written in the local way.

## The page
title = { $city }: what would change in traffic
eyebrow = digital twin of the city
skip = Skip to the answers
contents = Contents
standfirst = { $scenarios ->
    [1] One intervention
    [2] Two interventions
    [3] Three interventions
    [4] Four interventions
    [5] Five interventions
   *[other] { $number } interventions
} compared with the city as it is, on { $day }.
standfirst-scenario = { $scenarios ->
    [1] One scenario
   *[other] { $number } scenarios
} compared with “{ $first }”, which is itself a scenario and not the city as it is, on { $day }.
standfirst-period = Only one part of the day was computed, { $period } ({ $hours }): every number is of these hours, and not of a day.
standfirst-seeds = Everything was computed { $seeds } times over, each time with other plausible assumptions; “between … and …” says how far the results spread.
standfirst-few-seeds = Everything was computed only { $seeds } times, each time with other plausible assumptions: so few show less spread than there is, and “between … and …” is too narrow. For a decision, compute at least { $enough }.
standfirst-one-seed = Everything was computed once only: no number here has an interval, so none can be told from chance.
a-day = { $span ->
    [day] a day
   *[period] in the period
}
day-weekday = a typical weekday
day-saturday = a typical Saturday
day-sunday = a typical Sunday

## The front
brief-title = In brief
reading-title = How to read the numbers
reading-interval = An interval reaches from the { $low }th to the { $high }th percentile of { $seeds } computations, each with another draw of what is not known exactly: demand, road capacities, choices of mode.
reading-one-seed = A single computation with the central values: no number has an interval.
reading-differences = A change is told only where its interval lies wholly on one side of zero and it is larger than what the computation resolves; otherwise it reads “no distinguishable effect”. Base and scenario are computed with the same assumptions each time, so that their difference is that of the intervention alone.
digest-title = How far to trust it
digest-held-out = { $place }, a count that the model has not seen: { $computed } vehicles a day computed, { $counted } counted ({ $off }). { $verdict }
digest-met = The test is passed: GEH below 5 in every period of the day.
digest-partly-met = The test is passed in part only: GEH below 5 in { $met } of { $periods } periods of the day.
digest-not-met = The test is not passed: GEH is below 5 in no period of the day.
digest-no-hours = Without a profile of the day the periods cannot be compared.
digest-ranges = { $inside } of the { $all } computed flows for which a plausible range is known lie within it. Outside: { $outside }.
digest-ranges-met = All { $all } computed flows for which a plausible range is known lie within it.
digest-below = { $place } (below)
digest-above = { $place } (above)
digest-empty = Not judged, because the model brings no traffic there: { $places }.
digest-consequence = Where the comparison fails, the level of traffic is not reliable, and differences are reliable as an order of magnitude, not as a measurement.
digest-more = The whole comparison
idle-rules = A rule of this scenario holds only on other days or at other hours than those that were computed: here it has no effect, and its absence says nothing of it.
unfelt-edits = Part of this scenario does not act in this kind of computation as it would in the street (without moving vehicles: signals, green waves, lines of buses, tracks for bicycles; with them: tracks for bicycles, more motorcycles, and the hours of bus lanes that hold at some of those computed). What it shows, or does not, says nothing of it.
unserved-note = Durations, time lost and congestion are of the trips that are served. That those without a way are not among them can make these numbers smaller, and that is no improvement.
unserved = trips { a-day } find no way by car and stay unserved
parking-at-edge = trips { a-day } to or from the closed zone park at its edge and go on on foot
horizon = This scenario is about the year { $year }. Its name is all that follows from it: people, habits and prices are those of the city as it is, but for what the edits change.
edits-title = What was done
edits-more = { $count } more
limited-title = Whom it concerns
limited-share = They are { $share } % of the { $trips } vehicle trips that begin or end in the zone { $span ->
    [day] in a whole day
   *[period] in the period
}.
limited-parking = Have to stop at the edge while the zone is closed: { $classes } of those who neither live in the zone nor hold a permit.
limited-passing = Enter as before: { $classes }.
limited-permits = Residents’ cars, other cars and cars with a permit (by assumption { $share } % of the others bound for the zone) follow different rules in the computation, but results count them together as cars.
limited-not-told = The model assumes that nobody gives the trip up or changes mode, destination or time, and that there is always room to park at the edge. How many places that takes, and how many people would change to bus or bicycle, is not said here.
vehicles-a-day = vehicles { a-day }
unit-vehicle-km = vehicle-km { a-day }
unit-hours-lost = hours { a-day }
unit-minutes-a-trip = minutes a trip
answer-edited-streets = Traffic on the streets of the intervention
answer-more-traffic = More traffic, in vehicles { a-day }:
answer-less-traffic = Less traffic, in vehicles { a-day }:
answer-nothing-elsewhere = On other streets no distinguishable effect.
from-to = from { $before } to { $after }

## Claims
claim-unchanged = unchanged
claim-told = { $change }, between { $low } and { $high }
claim-told-alike = { $change }, in every computation
claim-single = { $change }; one computation, no interval
claim-slightly-more = practically no change (more, but by less than a thousandth)
claim-slightly-less = practically no change (less, but by less than a thousandth)
claim-indistinct = no distinguishable effect (between { $low } and { $high } { $unit })
claim-unresolved = no distinguishable effect
claim-vanishes = down to nothing, from { $before } { $unit }
between = between { $low } and { $high }
verdict-grows = more, beyond its interval
verdict-falls = less, beyond its interval
verdict-indistinct = not distinguishable from chance
verdict-unresolved = below what the computation resolves
verdict-unchanged = unchanged
verdict-single = no interval (one computation)

## Maps
map-before = Before
map-after = After
map-difference = Difference
map-durations = Travel times
map-described = The streets that change most, in vehicles { a-day }: { $streets }.
map-switch = Map of
time-switch = Time of day
time-day = Whole day
map-heart = heart of the city
map-near = where it changes
map-whole = whole city
map-names = Names of quarters, rivers and bridges
map-north = N
map-nothing-distinct = No change on this map is larger than its interval and than what is worth telling.
map-nothing = No change on this map is large enough to be worth telling.
map-caption = On the maps of traffic the two sides of a street are its two directions: traffic keeps right. Numbers mark the streets of the table below; the frame in the small map is the large one.
map-sources = Sources: { $sources }.
legend-flow-title = Width: vehicles { a-day } in one direction
legend-flow = { $flow }
legend-fullness-title = Colour: how full the street is at its fullest time
legend-free = flowing (below 60 % of its capacity)
legend-busy = busy (60 to 85 %)
legend-near = near its limit (85 to 100 %)
legend-over = over its limit (queues)
legend-difference-title = Vehicles { a-day }, compared with before
legend-difference-hour-title = Vehicles an hour, compared with before
legend-much-less = much less traffic (over { $limit } fewer)
legend-less = less traffic (over { $limit } fewer)
legend-little-less = a little less (over { $limit } fewer)
legend-little-more = a little more (over { $limit } more)
legend-more = more traffic (over { $limit } more)
legend-much-more = much more traffic (over { $limit } more)
legend-same = the same, or a change not larger than its interval or { $limit } vehicles
legend-same-single = the same, or a change below { $limit } vehicles; without intervals chance is not told apart
legend-own-limits = Limits and widths fit this intervention; the maps of the others have their own.
legend-edited = where the intervention acts
legend-area = the intervention’s area
legend-duration-title = Minutes more or less, on average, for car trips that begin in the zone; the size of a disc says how many they are
legend-duration-much-less = much shorter (over { $limit } min less)
legend-duration-less = shorter (over { $limit } min less)
legend-duration-little-less = a little shorter (over { $limit } min less)
legend-duration-little-more = a little longer (over { $limit } min more)
legend-duration-more = longer (over { $limit } min more)
legend-duration-much-more = much longer (over { $limit } min more)
legend-duration-same = the same, or a change not larger than its interval or { $limit } min
legend-duration-same-single = the same, or a change below { $limit } min
streets-title = The streets that change most
streets-none = On no street does traffic change distinguishably.
street-between = between { $from } and { $to }
street-at = at { $street }
fullness-over = { $percent } % of its capacity, { $period }
fullness-note = Above its capacity a street does not really carry that many vehicles in an hour: queues form, and some leave earlier or later, go elsewhere or give up. The static computation lets all of them pass, more slowly. The number says how many would want to.
street-continues = and on along { $streets }
street-motorway = Motorway
street-ramp = Motorway ramp
street-ramp-named = Motorway ramp { $name }
street-unnamed = Unnamed street
towards-north = northbound
towards-north-east = north-eastbound
towards-east = eastbound
towards-south-east = south-eastbound
towards-south = southbound
towards-south-west = south-westbound
towards-west = westbound
towards-north-west = north-westbound
places-title = The places of which something is known from outside: vehicles { a-day }, both directions
column-number = No.
column-street = Street
column-place = Place
column-before = Before
column-after = After
column-change = Change

## Indicators
indicators-title = The city in numbers
indicators-lead = Each indicator as it is today and what each intervention changes. A filled dot marks a difference larger than its interval and than what the computation resolves, a hollow one a difference that is not. Orange is more, blue is less, as on the maps.
indicators-caption = Indicators of the whole city: value with interval, then differences
column-indicator = Indicator
column-value = Value
column-formula = How it is computed
indicators-fixed = Indicators that no intervention changes
pums-code = PUMS indicator { $code }
## Quarters and classes
origins-title = Who sets out where
origins-lead = Trips { a-day } that begin in each quarter, how long they take on average from door to door, and how many minutes each intervention adds or takes away. Trips between different zones count; over several zones the mean is weighted by trips. “≈” means: no distinguishable effect.
origins-class = By quarter: { $class }
origins-caption = Trips and minutes today, and minutes more or less with each intervention
origins-zones = Zone by zone, for every class of vehicles
origins-zones-caption = Trips { a-day } and minutes today; with the interventions, minutes more or less by car
minutes = { $minutes } min
origins-gate = From outside: { $gate }
origins-gates = From outside the city, all gates
origins-other-zones = Zones in no quarter
origins-parking = { $trips } park at the edge
column-origin = From
column-trips = Trips { a-day }
column-minutes = Minutes
class-car = cars
class-van = vans
class-heavy-vehicle = heavy vehicles
class-motorcycle = motorcycles

## The day
day-title = The course of the day
day-lead = Traffic of the whole city by period, and how much street is nearly full (above 85 % of its capacity, each direction counted for itself). Means over the computations; differences in percent of the city as it is.
day-caption = Vehicle-kilometres an hour in the city as it is, by hour of the day
day-table = Vehicle-kilometres an hour by period, with kilometres of nearly full street
column-period = Period
nearly-full = { $length } km nearly full
period-night = Night
period-morning-peak = Morning peak
period-inter-peak = Between the peaks
period-evening-peak = Evening peak

## Trust
trust-title = Can this be trusted?
trust-lead = The city as it is, computed, beside what is known from outside. A difference between two computed cities is usually surer than either of them, but where the computation misses the level it may miss the difference too.
trust-scenario = What is measured against here is itself a scenario: whether the model reproduces the city as it is stands in a report whose first run is that city.
held-out-title = Counts that the model has not seen
held-out-lead = These were kept out of every fit: they are the test of the base. GEH measures how far apart a counted and a computed hourly flow are; below 5 is the usual threshold for saying that the model reproduces it, 10 and more is far off.
plausible-title = Ranges within which a result is plausible
plausible-lead = No count is published here; a reasonable range and its reason are given instead.
input-title = Counts that went into the model
input-lead = Traffic at the city’s gates is input: finding it again in the results proves nothing, and it is not judged here. Each draw varies it within its uncertainty.
input-more = The { $count } counts at the gates, and how they are spread over the day
input-caption = Vehicles a day at the gates: input
column-gate = Gate
column-input = Count (input)
column-drawn = In the computations
gate-hours-caption = How the gates’ traffic that begins or ends in the city is spread over the day
column-share-of-day = Share of the day
column-share-of-day-an-hour = In each hour
column-entering = Entering
observed-caption = Vehicles a day: expected and computed
column-expected = Expected
column-counted = Counted
column-geh = GEH
fit-caption = { $place }: vehicles an hour by period
fit-note = The count is of a day: its hours come from the profile, measured elsewhere, that the gates have too. So the test says more of the level than of the hours. GEH is that of the mean over the computations.
column-computed = Computed
column-judgement = Judgement
expected-inside = within the range
expected-below = below the range
expected-above = above the range
expected-empty = no traffic computed: says nothing
count-met = reproduced in every period
count-partly-met = reproduced in part
count-not-met = not reproduced
count-off = { $percent } beside the count
geh-met = reproduced
geh-not-met = not reproduced
geh-far = far off
fixed-title = What is kept as it is
fixed-trips = How many people travel, where to, by which mode and in which period of the day: scenarios keep the base’s. Only the way that each vehicle takes changes.
fixed-activity = Where a scenario changes residents or jobs, trips are generated anew with the base’s times and habits.
fixed-gates = The counts at the city’s gates are input and do not react to scenarios.
not-calibrated-title = What was not calibrated
not-calibrated-delays = Volume–delay functions and road capacities are from the literature, not measured in this city.
not-calibrated-queues = Waiting at signals, queues that spill back and the search for a parking space are not modelled.
not-calibrated-tolls = Motorway tolls count only where the city’s data hold them. The built-in Alessandria’s hold none, so its motorways draw more traffic than they do.
not-calibrated-parameters = Values of time and the uncertainty of demand and capacities are assumptions stated in the parameter files.

## Queues
queues-title = Queues and lost time
queues-chart = Vehicle-hours lost an hour, by quarter hour, on all streets together: against what each driver would take alone, signals and giving way included. Means over the seeds.
queues-longest = The largest queues, each in its worst quarter hour
queues-none = In no quarter hour do two vehicles or more stand on any street on average.
queues-note = Vehicles that stand on average in that quarter hour; how far the queue reaches back at most in any seed; what a vehicle loses on this section and in the junction ahead.
queue-before = (before: { $value })
column-quarter-hour = From
column-standing = Standing vehicles
column-reach = Reaches back, m
column-lost = Lost a vehicle, s
moved-counts = { $inserted } vehicles moved. { $rerouted } took another way because theirs was blocked, and { $exchanged } moved on together out of circles in which each waited for the next.
jammed = of { $all } vehicles had not arrived when the simulation of “{ $run }” ended, { $count ->
        [one] in computation { $seeds }
       *[other] on average over computations { $seeds }
    }: its streets filled up, because traffic wants more than they can take, or because the computation jams earlier than people would. Delays told of it are too small, and differences between it and others are not to be relied on.
moved-stuck = { $vehicles } had not arrived when the simulation ended: the computation itself is jammed there, and the numbers of this scenario understate the delay.
moved-teleports = { $vehicles } were taken from one place to another: a defect of the computation.
not-calibrated-moving = Lanes, signals and how people drive are derived by stated rules, not surveyed here; vehicles keep the ways of the static equilibrium unless theirs is blocked; the search for parking is not modelled.

## Layers
layers-title = What the city is made of
layers-lead = Every thing in this city says where it is from. No map and no number here is better than the layers below it.
layers-caption = Layers by origin
column-layer = Layer
layer-unit-km = km
layer-unit-count = number
layer-links = Streets
layer-zones = Zones
layer-connectors = Zone connectors
layer-gates = Gates to the outside
layer-observations = Observed flows
layer-addresses = Addresses
layer-buildings = Buildings
layer-trees = Trees
layer-waters = Waters
layer-railways = Railways
layer-heritage-sites = Heritage sites
layer-places = Places
column-sources = Sources
origin-real = Real
origin-derived = Derived
origin-synthetic = Synthetic
origin-real-explained = Real: surveyed or published by its source
origin-derived-explained = Derived: computed from real data by a stated rule
origin-synthetic-explained = Synthetic: made up to fill a gap
sources-title = Sources, licences, attributions
licence = Licence: { $licence }

## Proof
proof-title = How to check this report
proof-lead = Each run has an id, the hash of all it was made from, and a hash of its results. Anyone with the run’s folder can compute it again:
proof-command = gemello verify RUN
proof-answers = The answer is one of three: identical; intact, but made by another build of the program, with the largest difference; or altered, with the file that was.
run-name = Scenario
run-id = Run id
result-hash = Hash of the results
build-id = Build
relative-gap = Largest relative gap of the equilibria
seeds = Seeds of the computations: { $seeds }.

## Papers
brief-paper-title = { $city }: what would change in traffic, in two pages
brief-audience = for the city council
paper-description = What interventions would change in the traffic of { $city }: a comparison of simulated days, with intervals and run ids to check it by
paper-page = page
paper-of = of
paper-run = { $run } { $id } · { $hash }
paper-runs = { $runs } runs, all of them on the last page · together { $hash }
brief-table = What each intervention does to the whole city
brief-intervention = Intervention
brief-maps = Where traffic changes
brief-means = What the numbers mean
brief-left-out = What they leave out
brief-check = Where to check it
brief-no-costs = Not in these numbers: what it costs to build and to run, and what time, safety and air are worth in money.
theme-traffic = Traffic
theme-sustainability = Air and climate
theme-costs = Costs of driving
sheet-places = Quarters and zones
sheet-streets = Streets that change most
sheet-observations = Observed flows
sheet-fit = Counts by period
sheet-gates = Gates by period
sheet-layers = Layers of the city
sheet-runs = Runs
sheet-unit = Unit
sheet-low = Low end of the interval
sheet-high = High end of the interval
sheet-change-low = Low end of the change
sheet-change-high = High end of the change
sheet-share = Change, %
sheet-verdict = What may be said
sheet-resolution = Smallest change that the computation resolves
sheet-pums = PUMS indicator
sheet-id = Name in files
sheet-kind = Kind
sheet-quarter = quarter or group
sheet-zone = zone or gate
sheet-class = Vehicles
sheet-trips = Trips { a-day }
sheet-parking = Trips { a-day } that park at the edge
sheet-minutes = Mean duration, min
sheet-minutes-change = Change of the duration, min
sheet-where = Where on the street
sheet-continues = And on along
sheet-links = Links
sheet-standing-before = Standing vehicles before
sheet-reach-before = Reached back before, m
sheet-lost-before = Lost a vehicle before, s
sheet-role = Role
role-input = input
role-held-out = held out
role-plausibility = plausible range
sheet-expected-low = Expected from, vehicles { a-day }
sheet-expected-high = Expected to, vehicles { a-day }
sheet-reason = Why this is expected
sheet-hours = Hours
sheet-counted-hour = Counted, vehicles an hour
sheet-computed-hour = Computed, vehicles an hour
sheet-vehicle-km-hour = Vehicle-km an hour
sheet-nearly-full = Nearly full street, km
sheet-share-of-day = Share of the day, %
sheet-entering = Entering, %
sheet-title = Title
sheet-year = Year
sheet-licence = Licence
sheet-attribution = Attribution
sheet-address = Address
sheet-description = What it is
sheet-seeds = Seeds
sheet-unserved = Trips { a-day } without a way

# Names of places of the built-in city; others stand as their city writes them.
place-ponte-bormida = Bridge over the Bormida (SP10)
place-ponte-meier = Ponte Meier
place-ponte-tiziano = Ponte Tiziano
place-spalto-marengo = Ring: spalto Marengo
place-spalto-borgoglio = Ring: spalto Borgoglio
place-via-marengo = Radial road: via Marengo
place-corso-roma = Radial street of the centre: corso Roma

## What it costs and what it is worth
costs-title = What it costs and what it is worth
costs-lead = Every scenario against the city as it is: works at the prices of the price list, without tax; the time and the kilometres of those who drive; air and climate. What a weekday of the model tells is counted for a whole year and for all the years of use. Amounts are in millions of euro, worth what they are worth in the first year; a plus is a gain. Most unit values are assumptions with wide distributions: they stand in the parameter files, each with its source.
costs-npv = Net present value: { $value } million euro ({ $first }–{ $last }, discounted at { $rate } % a year, prices of { $prices }).
costs-positive = It is above zero in { $share } % of the computations.
costs-ratio = With every value at its median: benefits over costs { $ratio }.
costs-return = Its rate of return is then { $rate } % a year.
costs-payback = It has then paid by { $year }.
costs-without-crashes = Crashes are not in it: runs do not tell them yet.
costs-without-noise = Noise is not in it: it was not reckoned for these runs.
costs-without-works = The scenario names no works: what it costs to do it is not known and not in it.
costs-accounts = What it is made of
costs-groups = Who gains and who pays most
costs-swings = What the net present value hangs on most: one value at a time, at what one case in ten falls below and at what one in ten exceeds
costs-bill = { $works } ({ $years })
column-account = for
column-group = on whom it falls
column-present-value = present value, million €
column-parameter = value
column-npv-low = at its low end, million €
column-npv-high = at its high end, million €
column-item = work
column-quantity = quantity
column-unit-price = unit price, €
column-amount = amount, €
column-price-source = price
account-investment = building
account-maintenance = maintenance and renewal
account-operation = operation
account-revenue = revenue
account-residual = what is left at the end
account-time = time of those who drive
account-operating = kilometres driven
account-charges = tolls and fares
account-air = air: { $pollutant }
account-climate = climate (CO₂)
account-noise = noise at homes
account-crashes = crashes
group-municipality = the municipality
group-everybody = everybody
group-gates = who comes from outside
group-no-quarter = outside the quarters
parameter-time = value of time, { $class }
parameter-operating = cost of a kilometre, { $class }
parameter-air = cost of a kilogram, { $pollutant }
parameter-growth = how the value of time grows
parameter-carbon = level of the carbon price
parameter-noise = level of noise costs
parameter-crashes = level of crash costs
bill-contingency = for what is not foreseen
bill-engineering = design, supervision, tests
bill-net = all without tax
bill-vat = tax
bill-gross = all with tax
unit-each = pcs
