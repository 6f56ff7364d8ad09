// The least contrast of any text with what it stands on, as WCAG 2.2 reckons ("contrast ratio"), and the text.
const parts = (color) => {
    const numbers = color.match(/[\d.]+/g).map(Number);
    const scale = color.startsWith('color(srgb') ? 1 : 255;
    const [red, green, blue, alpha = 1] = numbers;
    return { channels: [red, green, blue].map((it) => it / scale), alpha };
};
const luminance = ({ channels }) => {
    const [red, green, blue] = channels.map((it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
        const color = parts(getComputedStyle(at).backgroundColor);
        if (color.alpha === 1) {
            return color;
        }
    }
    return { channels: [1, 1, 1] };
};
let worst = [21, ''];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.data.trim();
    if (text === '' || !element.checkVisibility()) {
        continue;
    }
    const both = [parts(getComputedStyle(element).color), ground(element)].map(luminance).sort((a, b) => b - a);
    const contrast = (both[0] + 0.05) / (both[1] + 0.05);
    if (contrast < worst[0]) {
        worst = [contrast, text.slice(0, 80)];
    }
}
return worst;
