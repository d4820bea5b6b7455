// 监测的判断 — Progress and problems of the watch w with its state s, of the household h of the village v.
// Gives watch_no, household, village, found_on, done_on (approved), took, unmet, delays (maps {reason, step}).
// A step is done on its date; a step without a date until $asOf is not done. A step that is not done although a later
// one is was skipped. The watch ends when it is approved, or earlier when the risk is cleared; `took` is the number of
// days from found to then, or to $asOf.
// Needs w, s, h, v, unmet_on_day (of the exit standard), $asOf, $days, $reasons (the requested ones).
CALL (w, s, h, v, unmet_on_day) {
  WITH w.watch_no AS watch_no, h.card_no AS household, v.code AS village, s.found_on AS found_on,
    [['VERIFIED', s.verified_on], ['DISCUSSED', s.discussed_on], ['PUBLISHED', s.published_on],
      ['APPROVED', s.approved_on]] AS steps,
    CASE WHEN s.approved_on <= $asOf THEN s.approved_on END AS done_on, CASE
      WHEN s.cleared_on <= $asOf THEN s.cleared_on END AS cleared_on,
    CASE WHEN s.cleared_on <= $asOf THEN unmet_on_day ELSE [] END AS unmet
  WITH watch_no, household, village, found_on, done_on, unmet, steps,
    CASE WHEN cleared_on < done_on THEN cleared_on ELSE coalesce(done_on, cleared_on) END AS closed_on,
    reduce(last = -1, i IN range(0, 3) | CASE WHEN steps[i][1] <= $asOf THEN i ELSE last END) AS reached
  WITH watch_no, household, village, found_on, done_on, unmet, closed_on,
    head([i IN range(0, 3) WHERE i < reached AND coalesce(steps[i][1] > $asOf, true) | steps[i][0]]) AS skipped,
    head([i IN range(0, 3) WHERE i = reached + 1 | steps[i][0]]) AS coming,
    duration.inDays(date({year: found_on / 10000, month: found_on / 100 % 100, day: found_on % 100}),
      date({year: coalesce(closed_on, $asOf) / 10000, month: coalesce(closed_on, $asOf) / 100 % 100,
        day: coalesce(closed_on, $asOf) % 100})).days AS took
  WITH watch_no, household, village, found_on, done_on, took, unmet, [delay IN [
    {reason: CASE WHEN took > $days THEN CASE WHEN closed_on IS NULL THEN 'OVERDUE' ELSE 'LATE' END END, step: coming},
    {reason: CASE WHEN skipped IS NOT NULL THEN 'SKIPPED' END, step: skipped},
    {reason: CASE WHEN size(unmet) > 0 THEN 'CLEARED_EARLY' END, step: coming}]
    WHERE delay.reason IN $reasons] AS delays
  RETURN watch_no, household, village, found_on, done_on, took, unmet, delays
}
