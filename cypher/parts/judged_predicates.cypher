// 逐项判断 — Each condition of a standard against the facts: {predicate, met, value, evidence, threshold}.
// met: true, false or null (unknown). A fact with a denominator is a fraction: it is compared exactly, by
// multiplication, and rounded only for display. If the standard has no threshold of its own, the threshold of the fact
// applies. The service refuses unknown comparisons; here the result would be unknown.
// Needs facts (maps {predicate, value, evidence, denominator, threshold}), $predicates (maps {predicate, comparison,
// threshold}).
[p IN $predicates | head([f IN [head([g IN facts WHERE g.predicate = p.predicate])] | {
  predicate: p.predicate,
  met: CASE p.comparison
    WHEN 'TRUE' THEN f.value
    WHEN 'ABOVE' THEN f.value > coalesce(p.threshold, f.threshold) * coalesce(f.denominator, 1)
    WHEN 'BELOW' THEN f.value < coalesce(p.threshold, f.threshold) * coalesce(f.denominator, 1)
    WHEN 'AT_LEAST' THEN f.value >= coalesce(p.threshold, f.threshold) * coalesce(f.denominator, 1)
    WHEN 'AT_MOST' THEN f.value <= coalesce(p.threshold, f.threshold) * coalesce(f.denominator, 1) END,
  value: CASE WHEN f.denominator IS NULL THEN f.value
    ELSE head([fraction IN [[f.value, f.denominator]] | part(rounded)]) END,
  evidence: f.evidence,
  threshold: coalesce(p.threshold, f.threshold)}])]
