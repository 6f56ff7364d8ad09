// Sorts and filters the list of tables. Without it the list is there all the same, by name.
const table = document.getElementById('tables');
if (table) {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    const words = document.getElementById('words');
    const state = document.getElementById('state');
    const shown = document.getElementById('shown');
    const names = new Intl.Collator(undefined, { numeric: true });

    const filter = () => {
        const wanted = words.value.trim().toLowerCase();
        let left = 0;
        for (const row of rows) {
            const became = row.className || 'moved';
            const fits = state.value === '' || state.value === became;
            row.hidden = !(fits && row.cells[0].textContent.toLowerCase().includes(wanted));
            left += row.hidden ? 0 : 1;
        }
        shown.textContent = `${left} of ${rows.length}`;
    };

    // Names from A, figures from the largest, as each is asked for most; once more is the other way.
    const sort = (heading) => {
        const column = heading.cellIndex;
        const ofNumbers = column > 1;
        const before = heading.getAttribute('aria-sort');
        const down = before === null ? ofNumbers : before === 'ascending';
        for (const other of heading.parentElement.cells) {
            other.removeAttribute('aria-sort');
        }
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        // What failed has no figures: less than none.
        const number = (row) => Number(row.cells[column].dataset.value ?? -1);
        const text = (row) => row.cells[column].textContent;
        rows.sort((a, b) => {
            const [first, second] = down ? [b, a] : [a, b];
            return ofNumbers ? number(first) - number(second) : names.compare(text(first), text(second));
        });
        for (const row of rows) {
            body.append(row);
        }
    };

    for (const heading of table.tHead.rows[0].cells) {
        heading.firstElementChild.addEventListener('click', () => sort(heading));
    }
    words.addEventListener('input', filter);
    state.addEventListener('change', filter);
    filter();
}
