// Numbers and sums of money, as they are typed and read in France.

const money = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const wholeMoney = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 });
/** Dots before groups of three digits, each and all: « 10.000 » is ten thousand, « 10.50 » ten and a half. */
const THOUSANDS = /^[1-9]\d{0,2}(\.\d{3})+(,\d*)?$/;

/** Reads « 1 200,50 € », « 1.200,50 » and « 1200.5 »; NaN for what is no number. */
export function parseNumber(text) {
  const written = text.normalize('NFKC').replace(/[\s€%]/g, '');
  const bare = (THOUSANDS.test(written) ? written.replaceAll('.', '') : written).replace(',', '.');
  return /^\d+(\.\d*)?$/.test(bare) ? Number(bare) : NaN;
}

export const euros = (amount) => money.format(amount);
export const wholeEuros = (amount) => wholeMoney.format(amount);

export function share(ratio, decimals = 1) {
  return ratio.toLocaleString('fr-FR', { style: 'percent', maximumFractionDigits: decimals });
}

/** The faults of the fields whose number is not within `[least, most]`, for `listen`. */
export function outOfRange(form, ranges) {
  return Object.entries(ranges).flatMap(([field, [least, most]]) => {
    const text = form.elements[field].value.trim();
    const number = parseNumber(text);
    return text && !(number >= least && number <= most) ? [{ field, code: 'invalid' }] : [];
  });
}
