// 发放凭证 — Vouchers between the fund or bank g and the household h: [relationship, voucher, amount, on, corrects].
// Repayments are negative. Needs g, h, $asOf, $seq.
part(granted_household) + part(lent_household)
