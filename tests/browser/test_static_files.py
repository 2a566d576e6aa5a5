"""A browser reads our files made small as it reads the sources."""

import pytest

from tests.portal.test_static_files import FILES, STATIC, smaller

RULES = r"""text => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    const text_of = rule => rule.cssText.replace(/\s+/g, " ")
    const rules = list => [...list].flatMap(r => [text_of(r), ...rules(r.cssRules || [])])
    return rules(sheet.cssRules)
}"""


@pytest.fixture
def empty(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_the_stylesheet_has_the_same_rules(empty):
    source = (STATIC / "css/futus.css").read_text()
    found = [empty.evaluate(RULES, text) for text in (source, smaller("css/futus.css").decode())]

    assert len(found[0]) > 100
    assert found[0] == found[1]


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".js")])
def test_a_script_is_read_to_its_end(empty, name):
    empty.evaluate("text => { new Function(text) }", smaller(name).decode())
