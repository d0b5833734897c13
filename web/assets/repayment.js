// A loan paid back in equal months, at a fixed rate, without insurance or fees.

/**
 * M = C·t ÷ (1 − (1 + t)^−n), or C ÷ n at no interest. `rate` is that of a month (0.01 for 1 %). Gives the monthly
 * payment, the total interest, and what each month and each year pay and leave.
 */
export function repay(capital, rate, count) {
  const monthly = rate ? (capital * rate) / (1 - (1 + rate) ** -count) : capital / count;
  const months = [];
  let left = capital;
  for (let number = 1; number <= count; number += 1) {
    const interest = left * rate;
    left = Math.max(0, left - (monthly - interest));
    months.push({ number, capital: monthly - interest, interest, left });
  }
  return { monthly, cost: monthly * count - capital, months, years: byYear(months) };
}

function byYear(months) {
  const years = [];
  for (const { number, capital, interest, left } of months) {
    const year = (years[Math.ceil(number / 12) - 1] ??= { number: years.length + 1, capital: 0, interest: 0, left: 0 });
    year.capital += capital;
    year.interest += interest;
    year.left = left;
  }
  return years;
}
