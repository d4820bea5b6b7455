// 对户责任应落实 — Whether a duty is owed to a supported household: visits only if it has a helper.
// $householdDuties: {rank, name, kind, visited_since}: visited_since is the first day of the months in which a visit is
// due.
// Needs duty (of $householdDuties), helped.
CASE duty.kind WHEN 'VISIT' THEN helped ELSE true END
