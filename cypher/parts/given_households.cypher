// 发放合计 — Of the households that the fund or bank g granted or lent money: [sum of each, what was paid back taken off; how many]. Needs $asOf, $seq.
COLLECT { MATCH (g)-[t:GRANTED|LENT]->(h:Household) WHERE holds(t)
  WITH h, sum(t.amount) AS given
  WITH given - coalesce(head(COLLECT { MATCH (g)<-[r:REPAID]-(h) WHERE holds(r) RETURN sum(r.amount) }), 0) AS amount, count(*) AS households
  RETURN [amount, households] ORDER BY amount }
