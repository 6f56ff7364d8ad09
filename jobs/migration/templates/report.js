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
            const fits = state.value === '' || row.dataset.state === state.value;
            row.hidden = !(fits && row.textContent.toLowerCase().includes(wanted));
            left += row.hidden ? 0 : 1;
        }
        shown.textContent = `${left} of ${rows.length}`;
    };

    const sort = (heading) => {
        const column = heading.cellIndex;
        const down = heading.getAttribute('aria-sort') === 'ascending';
        for (const other of heading.parentElement.cells) {
            other.removeAttribute('aria-sort');
        }
        heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
        const value = (row) => row.cells[column].dataset.value ?? row.cells[column].textContent;
        const compare = heading.classList.contains('number')
            ? (a, b) => Number(value(a)) - Number(value(b))
            : (a, b) => names.compare(value(a), value(b));
        rows.sort((a, b) => (down ? compare(b, a) : compare(a, b)));
        body.append(...rows);
    };

    for (const heading of table.tHead.rows[0].cells) {
        heading.firstElementChild.addEventListener('click', () => sort(heading));
    }
    words.addEventListener('input', filter);
    state.addEventListener('change', filter);
    filter();
}
