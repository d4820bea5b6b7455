// 按达标情况筛选 — Whether a subject is requested: by its result, an unmet condition and an unknown condition.
// Needs result, judged, $results, $unmet, $unknown (predicates; null for any).
result IN $results AND ($unmet IS NULL OR any(j IN judged WHERE j.met = false AND j.predicate IN $unmet))
  AND ($unknown IS NULL OR any(j IN judged WHERE j.met IS NULL AND j.predicate IN $unknown))
