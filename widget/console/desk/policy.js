/* SPDX-License-Identifier: MIT */
// What the desk runs by, as the console needs it: tiers with their criteria, canned replies, topics.

import { signal } from '@preact/signals';

import { milestoneName } from '../../shared/sla.js';

/** The answer of GET /policy; null: not here yet. */
export const policy = signal(null);

export const tierName = (tier) => {
  const name = policy.value?.tiers?.find((row) => row.tier === tier)?.name;

  return name ? `Tier ${tier}, ${name}` : `Tier ${tier}`;
};

export const topicName = (id) => policy.value?.topics?.find((topic) => topic.id === id)?.name || id;

/** {id: name} of all topics, for a choice among them; with `own`, whether the policy knows that one or
    not: it may be of an older policy, or of another program. */
export function topicOptions(own) {
  const known = (policy.value?.topics ?? []).map(({ id, name }) => [id, name || id]);

  return Object.fromEntries(own === undefined || known.some(([id]) => id === own) ? known : [[own, own || 'None'], ...known]);
}

const findMilestone = (id) => policy.value?.milestones?.find((milestone) => milestone.id === id);

/** A notice can be a milestone's, where it names a rule else. */
export const isMilestone = (id) => Boolean(findMilestone(id));

/** {name, about} of a milestone, as far as the policy that holds knows it. */
export function milestoneOf(id) {
  const known = findMilestone(id);

  return { name: known?.name ?? milestoneName(id), about: known?.about ?? '' };
}

/** Asks for it again; what is there stays when it cannot be had. */
export async function loadPolicy(api) {
  try {
    policy.value = await api.get('/policy');
  } catch {
    /* Everything works without it; the next connection asks again. */
  }
}
