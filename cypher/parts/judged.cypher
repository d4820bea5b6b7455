// 逐项判断 — Each predicate of a standard against the facts, as rows [predicate, true, false or null (not known), value, evidence, threshold].
// Needs facts ([predicate, value, evidence, of how many, threshold]), $predicates ([predicate, comparison, threshold]).
// A fact with `of how many` is a fraction: it is compared as it is, multiplied out, and rounded only where its value is shown. Where the
// standard has no threshold of its own, the fact's counts. What the service does not know how to compare it refuses; here it would be not known.
[q IN $predicates | head([f IN [head([g IN facts WHERE g[0] = q[0]])] | [q[0], CASE q[1]
  WHEN 'TRUE' THEN f[1]
  WHEN 'ABOVE' THEN f[1] > coalesce(q[2], f[4]) * coalesce(f[3], 1)
  WHEN 'BELOW' THEN f[1] < coalesce(q[2], f[4]) * coalesce(f[3], 1)
  WHEN 'AT_LEAST' THEN f[1] >= coalesce(q[2], f[4]) * coalesce(f[3], 1)
  WHEN 'AT_MOST' THEN f[1] <= coalesce(q[2], f[4]) * coalesce(f[3], 1) END,
  CASE WHEN f[3] IS NULL THEN f[1] ELSE head([fraction IN [[f[1], f[3]]] | part(rounded)]) END, f[2], coalesce(q[2], f[4])]])]
