// 在岗责任人 — Holders who meet a duty on the day: {ends, leaves, cadre_no, department_no}.
// ends: last day of the term; if the holder leaves by then (leaves), first day without the holder.
// Needs terms (as in helper_terms and village_terms), $asOf.
[term IN terms WHERE term.until >= $asOf AND (term.lapsed_on IS NULL OR term.lapsed_on > $asOf) | {
  ends: CASE WHEN term.lapsed_on <= term.until THEN term.lapsed_on ELSE term.until END,
  leaves: coalesce(term.lapsed_on <= term.until, false),
  cadre_no: term.cadre_no, department_no: term.department_no}]
