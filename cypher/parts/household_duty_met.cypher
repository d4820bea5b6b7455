// 对户责任已落实 — Whether a duty that is owed to a household is met, by its kind.
// Needs duty (of $householdDuties), helped, last_visit.
CASE duty.kind WHEN 'HELPER' THEN helped WHEN 'VISIT' THEN coalesce(last_visit >= duty.visited_since, false) END
