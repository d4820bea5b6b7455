// 发放凭证 — Every voucher between the fund or bank g and the household h: [relationship, voucher, amount, on, corrects]; what was paid back is negative. Needs g, h, $asOf, $seq.
part(granted_household) + part(lent_household)
