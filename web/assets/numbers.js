// Numbers and sums of money, as they are typed and read in France.

const money = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const wholeMoney = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat('fr-FR', { style: 'percent', maximumFractionDigits: 1 });

/** Reads « 1 200,50 € »; NaN for what is no number. */
export function parseNumber(text) {
  const bare = text.replace(/[\s€%]/g, '').replace(',', '.');
  return /^\d+(\.\d*)?$/.test(bare) ? Number(bare) : NaN;
}

export const euros = (amount) => money.format(amount);
export const wholeEuros = (amount) => wholeMoney.format(amount);
export const share = (ratio) => percent.format(ratio);

/** The faults of the fields whose number is not within `[least, most]`, for `listen`. */
export function outOfRange(form, ranges) {
  return Object.entries(ranges).flatMap(([field, [least, most]]) => {
    const text = form.elements[field].value.trim();
    const number = parseNumber(text);
    return text && !(number >= least && number <= most) ? [{ field, code: 'missing' }] : [];
  });
}
