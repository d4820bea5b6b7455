// 对户责任应落实 — Whether a duty is owed to a supported household: visits only if it has a helper.
// Needs duty ([rank, kind, first day of the months in which a visit is due, ...]), helped.
CASE duty[1] WHEN 'VISIT' THEN helped ELSE true END
