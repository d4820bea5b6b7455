// 对户责任已落实 — Whether a duty that is owed to a household is met, by its kind.
// Needs duty ([rank, kind, first day of the months in which a visit is due, ...]), helped, lastVisit.
CASE duty[1] WHEN 'HELPER' THEN helped WHEN 'VISIT' THEN coalesce(lastVisit >= duty[2], false) END
