// 帮扶对象 — Whether the household h is poor on the day, or in the stated years of support after its exit.
// Needs h, $asOf, $seq, $year, $yearsAfterExit.
EXISTS { MATCH (h)-[p:POOR_IN]->(:Village) WHERE known(p) AND p.since <= $asOf
  AND (p.until >= $asOf OR (p.exited_in <= $year AND p.exited_in + $yearsAfterExit >= $year)) }
