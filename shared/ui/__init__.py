"""Layout, theme and parts of every page.

A service renders its own templates on top of the shared ones:

    templates = Templates(Path(__file__).parent / "templates")          # shared.ui.render
    return templates.page(request, "klacht.html", complaint=complaint)  # form=... with a form

    {% extends "base.html" %}
    {% block title %}Klacht {{ complaint.number }}{% endblock %}
    {% block head %}{{ ui.map_assets() }}{% endblock %}         only on a page with a map
    {% block main %}
    {% call ui.title_line("Geur bij de haven", kind="Klacht", number="K-2026-1",
                          badge=ui.badge("Open", "info"),
                          clock=ui.clock(clock_view(complaint.due, now), "Reactie"),
                          action=ui.button_link("Beoordeel", "...", "primary")) %}
      {% call ui.menu() %}<li><a href="...">Koppel</a></li>{% endcall %}
    {% endcall %}
    <div class="vth-columns"><div>two thirds</div><aside>one third</aside></div>
    {% endblock %}

A fragment is a template without `extends`. The CSP refuses `style=` and inline scripts.
Filters: euro, uren (450 -> 7:30), getal(decimals), datum, datum_kort, tijd, tijdstip, iso,
  aantal("klacht", "klachten").
Globals: ui, asset(name), with_query(request, key=value), clock_view(due, now, paused=, done=).
Always there: request, user (the caller; None when not signed in), form, places, here, agency,
  example_data. `caller` is the same, but not inside a call block: there it is the block's content.
Records, dicts and dataclasses all serve as items; `?` marks what may be left out of an item.
`>` stands for content in a {% call ui.x(...) %}...{% endcall %}.

page      title_line(title, kind, number, badge, clock, action) > menu
          menu(text) > <li> with a link, or a form with a button
          card(title, level, id) >        fragment(url, title, link_text, href)
          breadcrumb([{text, href}])      empty_state(title, text, action)
          alert("info|ok|warning|error", title, text) >        progress(label, value, total)
state     badge(text, "neutral|info|good|warning|bad")         count(number, label)
          clock(view, label)              traffic_light(tone, text, rule)        icon(name)
facts     summary_list([{label, value, note?, href?, action?}])
          timeline([{when, what, who?, text?, href?}])         figure(label, value, note, href)
          td_money(v), td_hours(minutes), td_number(v, decimals) in a row of a table
          money(v), hours(minutes), moment(v), day(v) in running text
lists     views([{text, href, current?, count?}])              list_line(text, export_href)
          filters(action, submit, clear) > fields              pagination(next_href, first_href)
          table(caption, [text or {text, numeric?, sort?}], keys=True, request=request, foot) > <tr>
          row_link(text, href) as the first cell; the sort key comes back in ?sorteer=naam or -naam
drawings  score_waterfall(title, [{label, value, source?, date?}], total, base, unit, changes)
          bar_chart(title, [{label, value, text?, target?, target_text?}], unit, label_header)
          sparkline(title, [{label, value}])
          lhso_matrix([{code: "4", label}, ...], [{code: "A", label}, ...],
                      {"A1": {level: 1..7, text?}}, position="B3", original="", select="veldnaam")
          lhso_advice(position, consequence, behaviour, [intervention], chosen, reason, source)
          map_points(title, [{label, lat, lon, href?, tone?, facts?}], columns)
          map_pick(form, lat_name, lon_name, label)
forms     form_start(form, action, upload) ... actions(text, kind, cancel_href) </form>
          form_key(form)    error_summary(form)    section(title) > fields
          text_field(form, name, label, hint, optional, type, size="full|l|m|s", autocomplete,
                     inputmode, value, suffix)
          textarea, select(form, name, label, [(value, text)]), date_field, time_field, file_field
          radio_group, checkbox_group(form, name, label, [(value, text, explanation?)], heading=True
                                      makes the question the h1)
          checkbox(form, name, label) posts "ja"
          button(text, "primary|secondary|subtle|danger", name, value)
          button_link(text, href, kind)
          link(text, href), heading(text, level, id)
wizard    question(form, action, step, total, back_href, submit, title) > one field
          check_answers(form, action, rows, submit, back_href) > consent
          confirmation(title, number, text) > what happens next

A post (shared.ui.context): the dependency gives `sent`, with the form in it. `form.read(KlachtIn)`
reads the fields of the wire model of the operation; `form.version`, `form.text("zoekveld")`,
`form.texts("vinkjes")` what the page has besides. `await sent.submit(act, otherwise=page)` carries
it out once, however often it is sent, and shows the page again with the refusal beside its field.
A list as a file: `streamed(name, header, lines_of(ctx, read, line))` (shared.ui.spreadsheet).
"""
