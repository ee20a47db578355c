/* SPDX-License-Identifier: MIT */
// The results as a table, with the goals beside them.

const us = (value) => (value === undefined ? '–' : `${value.toFixed(value < 100 ? 1 : 0)} µs`);
const ms = (micros) => `${(micros / 1000).toFixed(micros < 10000 ? 2 : 1)} ms`;
const count = (value) => Math.round(value).toLocaleString('en-US');
const times = (value) => `${value.toFixed(2)} ×`;

function verdict(met, reached) {
	if (!met)
		return '**no**';
	return reached ? 'yes, and what we reach for' : 'yes';
}

// A value that should be small, as a share of the peer's.
function lower(what, mine, theirs, show, must, reach) {
	const ratio = mine / theirs;

	return [what, show(mine), show(theirs), times(ratio), `≤ ${must} × (reach: ${reach} ×)`,
		verdict(ratio <= must, ratio <= reach)];
}

function higher(what, mine, theirs, show, must, reach) {
	const ratio = mine / theirs;

	return [what, show(mine), show(theirs), times(ratio), `≥ ${must} × (reach: ${reach} ×)`,
		verdict(ratio >= must, ratio >= reach)];
}

function bound(what, mine, show, must, reach, theirs = '–') {
	return [what, show(mine), theirs, '', `≤ ${show(must)}${reach ? ` (reach: ${show(reach)})` : ''}`,
		verdict(mine <= must, reach !== undefined && mine <= reach)];
}

function note(what, mine, theirs = '–') {
	return [what, mine, theirs, '', '', ''];
}

const spread = ({ p50, p99, p999 }) => `${ms(p50)} / ${ms(p99)} / ${ms(p999)}`;

function talkRows({ tierbell, relay, pairs }) {
	const [mine, theirs] = [tierbell.talk, relay.talk];

	return [
		lower('CPU a message, 100 pairs: server, its threads and Redis', mine.us.total, theirs.us.total, us, 0.5, 0.33),
		note('… of it server / Redis', `${us(mine.us.server)} / ${us(mine.us.redis)}`, `${us(theirs.us.server)} / ${us(theirs.us.redis)}`),
		note('… when every ack is sent at once (`ack_gather_ms` 0)', us(tierbell.ungathered.us.total)),
		note('… for the full-text index, later, when nobody waits', us(tierbell.index.us)),
		higher('messages a second, 100 pairs, one CPU for all', mine.per_second, theirs.per_second, count, 1.5, 3),
		note('… sent to acked, p50 / p99 / p99.9', spread(mine.ack), 'no acks'),
		note('… sent to delivered, p50 / p99 / p99.9', spread(mine.deliver), spread(theirs.deliver)),
		bound('CPU of a sign of typing, not stored (nchan: 15.7)', tierbell.typing.us.total, us, 15.7, 10.7),
		lower('one pair, sent to delivered, p50', tierbell.one.deliver.p50, relay.one.deliver.p50, ms, 3, 2.3),
		lower(`4,000 messages/s, ${count(pairs)} pairs, to delivered, p99`, tierbell.rate4000.deliver.p99, relay.rate4000.deliver.p99, ms, 1, 0.5),
		note('… p50 / p99 / p99.9', spread(tierbell.rate4000.deliver), spread(relay.rate4000.deliver)),
		bound(`1,000 messages/s, ${count(pairs)} pairs, to delivered, p99`, tierbell.rate1000.deliver.p99, ms, 10000, undefined, ms(relay.rate1000.deliver.p99)),
		note('… to acked, p50 / p99 / p99.9', spread(tierbell.rate1000.ack), 'no acks'),
	];
}

function lossRow({ tierbell }) {
	const runs = [tierbell.talk, tierbell.one, tierbell.rate1000, tierbell.rate4000];
	const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
	const bad = sum('lost') + sum('doubled') + sum('errors') + sum('closed');

	return ['lost, doubled, refused', `${sum('lost')}, ${sum('doubled')}, ${sum('errors')} of ${count(sum('sent'))}`,
		'–', '', '0', verdict(bad === 0, false)];
}

function restRows({ tierbell, relay, nginx }) {
	const bytes = (value) => `${count(value)} B`;
	const rows = [
		bound(`memory of an idle visitor, ${count(tierbell.idle.connections)} of them`, tierbell.idle.bytes, bytes, 1024, 600, bytes(relay.idle.bytes)),
		bound('CPU of connect, upgrade and hello: server', tierbell.idle.serverUs, us, 60, 40, us(relay.idle.serverUs)),
		note('… of them a second', count(tierbell.idle.per_second), count(relay.idle.per_second)),
		bound('start to ready, private Redis included, empty folder', tierbell.start.first * 1000, ms, 150000),
		bound('start to ready, the folder is there', tierbell.start.again * 1000, ms, 150000),
		bound('resident memory at rest, without Redis', tierbell.start.rss / 1048576, (mb) => `${mb.toFixed(1)} MiB`, 16),
	];
	const what = `CPU of a static file of ${count(tierbell.static.bytes)} bytes, 64 keep-alive connections`;

	rows.push(nginx ? lower(`${what} (peer: nginx)`, tierbell.static.us, nginx.us, us, 1.25, 1)
		: note(`${what} (nginx is not installed)`, us(tierbell.static.us)));
	return rows;
}

export function makeTable(result) {
	const rows = [
		['what', 'Tierbell', 'relay', 'ratio', 'goal', 'met'], ['-', '-', '-', '-', '-', '-'],
		...talkRows(result), lossRow(result), ...restRows(result),
	];
	const head = `${result.at}, ${result.cpus} × ${result.cpu}, Linux ${result.kernel}, Node ${result.node}; ` +
		`median of ${result.rounds} rounds of ${result.seconds} s${result.quick ? ' (quick mode)' : ''}.`;

	return `${head}\n\n${rows.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
}
