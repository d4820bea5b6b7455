// 逐项判断 — Each condition of a standard against the facts: [predicate, true, false or null (unknown), value, evidence,
// threshold].
// A fact with a denominator is a fraction: it is compared exactly, by multiplication, and rounded only for display. If
// the standard has no threshold of its own, the threshold of the fact applies. The service refuses unknown comparisons;
// here the result would be unknown.
// Needs facts ([predicate, value, evidence, denominator, threshold]), $predicates ([predicate, comparison, threshold]).
[q IN $predicates | head([f IN [head([g IN facts WHERE g[0] = q[0]])] | [q[0], CASE q[1]
  WHEN 'TRUE' THEN f[1]
  WHEN 'ABOVE' THEN f[1] > coalesce(q[2], f[4]) * coalesce(f[3], 1)
  WHEN 'BELOW' THEN f[1] < coalesce(q[2], f[4]) * coalesce(f[3], 1)
  WHEN 'AT_LEAST' THEN f[1] >= coalesce(q[2], f[4]) * coalesce(f[3], 1)
  WHEN 'AT_MOST' THEN f[1] <= coalesce(q[2], f[4]) * coalesce(f[3], 1) END,
  CASE WHEN f[3] IS NULL THEN f[1] ELSE head([fraction IN [[f[1], f[3]]] | part(rounded)]) END, f[2],
    coalesce(q[2], f[4])]])]
