// 被并入的贫困村 — Whether a village merged into v by the day was poor by its last yearly record and had not exited.
// Also through several mergers. Needs v, $asOf, $seq, $year.
EXISTS { MATCH (v)<-[bx:PREDECESSOR_OF*1..4]-(bw:Area) WHERE merged(bx)
  AND EXISTS { MATCH (bw)<-[:OF]-(bb:VillageYear)
    WHERE known(bb) AND bb.year <= $year AND bb.poor AND coalesce(bb.exit_year, 99999) * 10000 + 1231 > $asOf
    AND NOT EXISTS { MATCH (bw)<-[:OF]-(bd:VillageYear) WHERE known(bd) AND bd.year <= $year AND bd.year > bb.year } } }
