// 村级责任应落实 — Whether a duty is owed to a village of this type.
// $villageDuties: {rank, name, posts, poor_village, from_poor_households, max_villages}: posts (empty for a
// department); whether poor villages are entitled; minimum number of poor households; maximum number of villages of a
// holder.
// Needs duty (of $villageDuties), poor, poor_households, merged (as in village_entitlement).
NOT merged AND ((duty.poor_village AND poor) OR poor_households >= duty.from_poor_households)
