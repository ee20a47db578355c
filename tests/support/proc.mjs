/* SPDX-License-Identifier: MIT */
// What the kernel says about a process.

import { readFileSync, readdirSync } from 'node:fs';

function field(file, name) {
	const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(readFileSync(file, 'utf8'));

	return match ? Number(match[1]) : 0;
}

export function rssBytes(pid) {
	return field(`/proc/${pid}/status`, 'VmRSS') * 1024;
}

export function pssBytes(pid) {
	return field(`/proc/${pid}/smaps_rollup`, 'Pss') * 1024;
}

// User and system time of all threads, those that ended included, in microseconds.
export function cpuMicros(pid) {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');

	return (Number(fields[11]) + Number(fields[12])) * 10000;
}

export function openFiles(pid) {
	return readdirSync(`/proc/${pid}/fd`).length;
}
