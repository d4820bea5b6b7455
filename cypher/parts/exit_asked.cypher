// 所问的达标情况 — Whether a subject is one of those asked for: by its result, by a predicate that it does not meet, by one that is not known.
// Needs result, judged, $results, $unmet, $unknown (predicates; null: any).
result IN $results AND ($unmet IS NULL OR any(j IN judged WHERE j[1] = false AND j[0] IN $unmet)) AND ($unknown IS NULL OR any(j IN judged WHERE j[1] IS NULL AND j[0] IN $unknown))
