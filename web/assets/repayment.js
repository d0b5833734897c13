// A loan paid back in equal months, at a fixed rate, without insurance or fees.

/**
 * M = C·t ÷ (1 − (1 + t)^−n), or C ÷ n at no interest. `rate` is that of a month (0.01 for 1 %). Gives the monthly
 * payment, the total interest, and what each month and each year pay and leave.
 */
export function repay(capital, rate, count) {
  const monthly = capital / worth(rate, count);
  // Not from month to month: at a high rate what rounding loses in the first would be all that the last should pay.
  const months = Array.from({ length: count }, (_, index) => {
    const interest = monthly * worth(rate, count - index) * rate;
    return { number: index + 1, capital: monthly - interest, interest, left: monthly * worth(rate, count - index - 1) };
  });
  return { monthly, cost: monthly * count - capital, months, years: byYear(months) };
}

/** What so many months of one euro pay back: (1 − (1 + t)^−n) ÷ t, to the last digit at any rate. */
function worth(rate, count) {
  return rate ? -Math.expm1(-count * Math.log1p(rate)) / rate : count;
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
