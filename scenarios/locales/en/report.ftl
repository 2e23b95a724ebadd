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
standfirst-seeds = Everything was computed { $seeds } times over, each time with other plausible assumptions; what stands in brackets is how far the results spread.
standfirst-one-seed = Everything was computed once only: no number here has an interval, so none can be told from chance.
day-weekday = a typical weekday
day-saturday = a typical Saturday
day-sunday = a typical Sunday

## The front
brief-title = In brief
reading-title = How to read the numbers
reading-differences = “Up” or “down” is said only where the difference is larger than its interval, that is where all of the interval lies on one side of zero. Base and scenario are computed with the same assumptions each time, so that their difference is that of the intervention alone.
unserved = trips a day find no way by car and stay unserved
parking-at-edge = trips a day to or from the closed zone park at its edge and go on on foot
edits-title = What was done
edits-more = { $count } more
answer-nothing = Nothing that was looked at changes by more than its interval.
vehicles-a-day = vehicles a day
from-to = from { $before } to { $after } { $unit }

## Claims
claim-grows = up by { $size } % (between { $low } and { $high })
claim-falls = down by { $size } % (between { $low } and { $high })
claim-indistinct = no change that can be told from chance (between { $low } and { $high } %)
claim-vanishes = down to nothing
claim-unchanged = unchanged
claim-single = { $value } % (one computation: no interval)
claim-from-nothing = { $value } where there was none { $range }
between = between { $low } and { $high }
verdict-grows = more, beyond its interval
verdict-falls = less, beyond its interval
verdict-indistinct = not larger than its interval
verdict-unchanged = unchanged
verdict-single = no interval (one computation)

## Maps
map-before = Before
map-after = After
map-difference = Difference
map-switch = Map of
time-switch = Time of day
time-day = Whole day
map-heart = heart of the city
map-whole = whole city
map-names = Names of quarters, rivers and bridges
map-north = N
map-caption = Vehicles a day, both sides of each street: traffic keeps right, so each side is one direction. Numbers mark the streets of the table below; the frame in the small map is the large one.
legend-flow-title = Width: vehicles a day in one direction
legend-flow = { $flow }
legend-fullness-title = Colour: how full the street is at its fullest time
legend-free = flowing (below 60 % of its capacity)
legend-busy = busy (60 to 85 %)
legend-near = near its limit (85 to 100 %)
legend-over = over its limit (queues)
legend-difference-title = Vehicles a day, compared with before
legend-difference-hour-title = Vehicles an hour, compared with before
legend-much-less = much less traffic (over { $limit } fewer)
legend-less = less traffic (over { $limit } fewer)
legend-little-less = a little less (over { $limit } fewer)
legend-little-more = a little more (over { $limit } more)
legend-more = more traffic (over { $limit } more)
legend-much-more = much more traffic (over { $limit } more)
legend-same = the same, or a change not larger than its interval or { $limit } vehicles
legend-same-single = the same, or a change below { $limit } vehicles; without intervals chance is not told apart
legend-edited = streets that the intervention changes
streets-title = The streets that change most
streets-none = On no street does traffic change by more than its interval.
street-motorway = Motorway
street-ramp = Motorway ramp
street-unnamed = Unnamed street
towards-north = northbound
towards-north-east = north-eastbound
towards-east = eastbound
towards-south-east = south-eastbound
towards-south = southbound
towards-south-west = south-westbound
towards-west = westbound
towards-north-west = north-westbound
places-title = The places that are watched: vehicles a day, both directions where not said otherwise
column-number = No.
column-street = Street
column-place = Place
column-before = Before
column-after = After
column-change = Change

## Indicators
indicators-title = The city in numbers
indicators-lead = Each indicator as it is today and what each intervention changes. A filled dot marks a difference larger than its interval, a hollow one a difference that is not. Orange is more, blue is less, as on the maps.
indicators-caption = Indicators of the whole city: value with interval, then differences
column-indicator = Indicator
pums-code = PUMS indicator { $code }

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
trust-lead = The city as it is, computed, beside what is known from outside. A difference between two computed cities is usually surer than either of them, but it is no surer than this.
held-out-title = Counts that the model has not seen
held-out-lead = These were kept out of every fit: they are the test of the base. GEH compares the mean hour of a day; below 5 is good, above 10 is poor.
plausible-title = Ranges within which a result is plausible
plausible-lead = No count is known here; the range and its reason are given instead.
input-title = Counts that went into the model
input-lead = Traffic at the city’s edge is an input: that it agrees proves nothing.
observed-caption = Vehicles a day: expected and computed
column-expected = Expected
column-computed = Computed
column-judgement = Judgement
expected-inside = within the range
expected-below = below the range
expected-above = above the range
count-off = { $percent } beside the count
geh-good = met well (GEH { $geh })
geh-fair = met in part (GEH { $geh })
geh-poor = not met (GEH { $geh })
fixed-title = What is kept as it is
not-calibrated-title = What was not calibrated

## Layers
layers-title = What the city is made of
layers-lead = Every thing in this city says where it is from. No map and no number here is better than the layers below it.
layers-caption = Layers by origin
column-layer = Layer
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
