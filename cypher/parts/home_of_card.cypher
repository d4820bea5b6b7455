// 该年住所 — Whether the home k was that of the household of the card c in the card's year. Needs c, k, $seq.
known(k) AND known(c) AND k.since <= c.year * 10000 + 1231 AND k.until >= c.year * 10000 + 101
