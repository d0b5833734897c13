"""Correspondents: the same flow, another home; their own people, a row, a file; nobody learns who activated."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from activation import bootstrap
from activation.adapters.dynamodb import DynamoStore, from_attributes
from activation.domain import uploads
from activation.domain.accounts import Status
from activation.domain.correspondents import LinkedStructure
from activation.domain.errors import StaleError
from activation.domain.findings import Finding, Nature
from activation.domain.limits import Daily
from activation.domain.links import save_link, with_link, without_link
from activation.domain.roster.imports import ImportPaths
from activation.domain.upload_keys import UploadPaths
from activation.domain.upload_states import UploadState
from activation.domain.uploads import ToConfirm, Upload
from tests.builders import CLAIRE, NOW, ROSTER, WORK_MAIL, active_correspondent, correspondent, row
from tests.functions import requests
from tests.functions.correspondents import CLAIRE_FONTAINE, claire_at_home, invite, link, link_ports, stored
from tests.functions.desk import CLAIRE as CLAIRE_AT_THE_DESK
from tests.functions.desk import KARIM
from tests.functions.paths import ACCOUNT, ACTIVATION, CONSENT, FOLLOW_UP, HOME, ROW, SEARCH, SESSION, UPLOADS
from tests.functions.people import HOUR, LOUIS, LOUIS_MAIL, LOUIS_MOBILE, Person, activate, ask_code, prove, sign_in
from tests.functions.reports import report_mail
from tests.functions.roster_steps import BUCKET
from tests.functions.visitor import CONTEXT, Answer, Visitor, handler
from tests.functions.wire import aws_error
from tests.functions.world import World


def test_the_row_of_a_correspondent_is_no_profile_and_no_roster_touches_it(world: World) -> None:
    invite(world)
    [found] = [from_attributes(one) for one in world.rows("accounts") if one["identifier"]["S"] == CLAIRE]
    assert found["record"] == "CORRESPONDENT"
    assert "roster" not in found
    assert link_ports(world).accounts.search("S1", "fontaine", most=10) == []
    before = stored(world)
    world.import_rows([row(CLAIRE, "Fontaine", "Claire", email="voleur@exemple.fr"), *ROSTER])
    assert (stored(world), link_ports(world).links.structures(["S1"])["S1"].correspondents) == (before, (CLAIRE,))


def test_a_session_of_a_correspondent_is_refused_in_the_same_words_by_every_call_of_a_beneficiary(world: World) -> None:
    claire = claire_at_home(world)
    refused = [claire.get(ACCOUNT), claire.put(CONSENT, {"consents": True, "text_version": "1"})]
    bodies = [{**answer.body, "correlation_id": ""} for answer in refused]
    assert [answer.status for answer in refused] == [403, 403]
    assert bodies[0] == bodies[1]
    assert bodies[0]["code"] == "not-your-account"
    session = claire.get(SESSION).body
    assert (session["role"], session["home"]) == ("correspondent", "/correspondant")


def test_rows_are_written_both_or_neither(world: World) -> None:
    invite(world)
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    stale = (stored(world), LinkedStructure(ports.links.structures(["S1"])["S1"].structure, ("C00000001",)))
    with pytest.raises(StaleError):
        store.commit(*save_link(ports, stale, without_link(*stale, now=NOW)))
    assert stored(world).correspondent.structures == ("S1",)
    before = (stored(world), ports.links.structures(["S1"])["S1"])
    store.commit(*save_link(ports, before, without_link(*before, now=NOW)))
    assert (stored(world).status, ports.links.structures(["S1"])["S1"].correspondents) == (Status.CLOSED, ())
    assert ports.links.account_of_mail(CLAIRE) is None


def test_one_work_mail_is_one_account(world: World) -> None:
    invite(world, mail_key="the-mail")
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    assert ports.links.account_of_mail("the-mail") == CLAIRE
    other = replace(correspondent("C00000001", structures=(), mail_key="the-mail"), version=0)
    before = (other, ports.links.structures(["S1"])["S1"])
    with pytest.raises(StaleError):
        store.commit(*save_link(ports, before, with_link(*before)))
    assert ports.accounts.get("C00000001") is None


def test_all_that_an_account_of_a_correspondent_says_is_stored_and_read_again(world: World) -> None:
    ports, store = link_ports(world), DynamoStore(world.deployment.dynamodb)
    claire = active_correspondent(other_name="Marin", structures=("S1", "S2"), mail_key="the-mail")
    said = replace(claire, version=0, signed_in_at=NOW, session_epoch=3)
    store.commit(ports.accounts.save(said))
    assert stored(world) == replace(said, version=1)


def test_two_agents_invite_at_another_mail_which_brings_what_activates(world: World, visitor: Visitor) -> None:
    seen = CLAIRE_AT_THE_DESK.ask("structure", structure_id="S1")
    names = {"name": "Claire Fontaine", "last_name": "Fontaine", "first_name": "Claire"}
    assert seen.body["roster"] == {"email": "correspondant@mondomaine.com", "phone": "01 23 45 67 89", **names}
    told = CLAIRE_AT_THE_DESK.ask("invitation", structure_id="S1", email="autre@exemple.fr").body
    assert (told["outcome"], told["correspondents"], world.deliver()) == ("waiting", [], [])
    assert told["waiting"]["email"] == "autre@exemple.fr"
    told = KARIM.ask("invitation/confirmation", structure_id="S1").body
    assert told["outcome"] == "invited"
    [account], [message] = told["correspondents"], world.deliver()
    assert (message.to, account["identifier"] in message.text) == ("autre@exemple.fr", True)
    prove(world, visitor, Person(account["identifier"], "fontaine"))


def test_the_desk_ends_a_link_and_the_open_session_of_a_former_correspondent_is_refused(world: World) -> None:
    claire = claire_at_home(world)
    told = KARIM.ask("unlinking", CLAIRE, structure_id="S1")
    assert (told.status, told.body["correspondents"]) == (200, [])
    assert claire.get("/api/account/export").status == 401
    assert [message.to for message in world.deliver()][-1] == WORK_MAIL.value
    kept = str(world.rows("accounts"))
    assert [said for said in (WORK_MAIL.value, "MAIL#") if said in kept] == []


def test_the_desk_lists_structures_for_which_nobody_answers_with_their_people(world: World) -> None:
    told = KARIM.ask("structure/without")
    assert told.body["structures"] == [{"structure_id": "S1", "name": "Mairie de Mondomaine", "people": 5}]
    assert KARIM.ask("structure/without", after="S1").body == {"structures": []}
    invite(world)
    assert KARIM.ask("structure/without").body == {"structures": []}


def test_the_desk_s_other_acts_are_for_both_kinds_of_account(world: World, visitor: Visitor) -> None:
    invite(world)
    assert KARIM.ask("person", CLAIRE).body["structures"] == ["S1"]
    ask_code(world, visitor, CLAIRE_FONTAINE)
    world.advance(60)
    assert [KARIM.ask(path, CLAIRE).status for path in ("code", "counters")] == [200, 200]
    assert [message.to for message in world.deliver()] == [WORK_MAIL.value]
    assert KARIM.ask("contact/check", CLAIRE, email=WORK_MAIL.value).body == {"matches": True}


def test_the_correspondents_of_an_import_are_invited_where_the_mail_stood_before_it(world: World) -> None:
    said = {"correspondent_name": "Rose PETIT", "correspondent_email": "rose@exemple.fr"}
    first = world.import_rows([row("10000001", "Garcia", "Louis", **said)])
    again = world.import_rows([row("10000001", "Garcia", "Louis", **{**said, "correspondent_phone": "0123456780"})])
    told = KARIM.ask("invitations", import_id=first["import_id"])
    assert (told.body["invited"], [one["why"] for one in told.body["left"]]) == ([], ["mail"])
    assert KARIM.ask("invitations", import_id=again["import_id"]).body == {"invited": ["S1"], "left": []}
    assert "rose@exemple.fr" in [message.to for message in world.deliver()]


REFUSED = {"NoSuchKey": "import-not-found", "AccessDenied": "import-not-found", "InternalError": "unavailable"}


@pytest.mark.parametrize(("refused", "code"), REFUSED.items())
def test_an_import_that_s3_refuses_is_none_but_a_fault_is_told(world: World, refused: str, code: str) -> None:
    world.wire.fail("GetObject", aws_error(refused, 403))
    assert KARIM.ask("invitations", import_id="20200101T000000Z-0123456789ab").code == code


MOST = 4_194_304
OTHER = "C00000001"
FILE = b"identifiant;nom\n10000001;Garcia\n"


def search(visitor: Visitor, structure: str = "S1", **more: str) -> Answer:
    return visitor.post(SEARCH, {"structure": structure, **more})


def names(answer: Answer) -> list[str]:
    return [person["row"]["last_name"] for person in answer.body["people"]]


def listed(claire: Visitor, identifier: str = "10000001", structure: str = "S1") -> Any:
    [person] = search(claire, structure, identifier=identifier).body["people"]
    return person


def change(claire: Visitor, row: dict[str, str], identifier: str = "10000001", **more: Any) -> Answer:
    version = more.pop("version", None) or listed(claire, identifier)["version"]
    return claire.put(ROW, {"identifier": identifier, "version": version, "row": row, **more})


def put_off(world: World, upload: Upload, **more: Any) -> Upload:
    """The upload as the import leaves it."""
    after = replace(upload, since=world.now, **more)
    bootstrap.store().commit(bootstrap.uploads().save(upload, after))
    return after


def sent(world: World, claire: Visitor, **more: Any) -> Upload:
    upload_id = claire.send(UPLOADS, FILE).body["upload_id"]
    upload = bootstrap.uploads().get(CLAIRE, upload_id)
    assert upload
    return put_off(world, upload, **more) if more else upload


# The home


def test_the_home_says_how_many_people_a_structure_has_and_who_cannot_be_reached(world: World, claire: Visitor) -> None:
    ask_code(world, Visitor(), LOUIS)
    report_mail(world.wire.asked("SendEmail")[-1]["EmailTags"][0]["Value"], "bounce", to=LOUIS_MAIL)
    structure = {"id": "S1", "name": "Mairie de Mondomaine", "people": 5, "without_contact": 1, "unreachable": 1}
    for _ in range(3):  # and whoever works there stays signed in
        world.advance(20 * 60)
        assert claire.get(HOME).body == {"structures": [structure], "uploads": []}


def test_structures_come_a_page_at_a_time(world: World, claire: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.correspondent.service.PAGE_STRUCTURES", 1)
    link(world, "S2")
    first = claire.get(HOME).body
    second = claire.get(f"{HOME}?after={first['after']}").body
    assert [[one["id"] for one in page["structures"]] for page in (first, second)] == [["S1"], ["S2"]]
    assert "after" not in second
    for after in ("0", "1", "11", "-1", "x", "", "S1"):
        answer = claire.get(f"{HOME}?after={after}")
        assert (answer.said, {pointer for pointer, _ in answer.faults}) == ((422, "invalid-request"), {"#/after"})


# People


def test_what_the_roster_says_is_listed_in_order_of_name(claire: Visitor) -> None:
    answer = search(claire)
    assert names(answer) == ["D’Almeida-Cœur", "Garcia", "Le Goff", "N'Diaye", "Saint-Martin"]
    louis = answer.body["people"][1]
    said = {"last_name": "Garcia", "first_name": "Louis", "email": LOUIS_MAIL, "mobile": "+33612345678"}
    more = {"structure_id": "S1", "usage_name": "", "start_date": "", "end_date": ""}
    assert louis == {"identifier": "10000001", "version": louis["version"], "row": {**said, **more}}
    assert "after" not in answer.body


def test_people_are_found_by_how_a_name_begins_by_what_they_lack_and_by_identifier(claire: Visitor) -> None:
    assert names(search(claire, name="d'al")) == ["D’Almeida-Cœur"]
    assert names(search(claire, name="PETIT")) == names(search(claire, name="saint")) == ["Saint-Martin"]
    assert names(search(claire, name="arcia")) == []
    assert names(search(claire, missing="reachable")) == []
    assert names(search(claire, identifier="1000 0002")) == ["N'Diaye"]
    assert names(search(claire, name="ga", missing="contact")) == []
    [yann] = search(claire, missing="contact").body["people"]
    assert (yann["row"]["last_name"], yann["missing"]) == ("Le Goff", "contact")
    assert search(claire, after="x").faults == {("#/after", "invalid")}


def test_thousands_are_listed_fifty_at_a_time_each_page_by_so_many_calls(world: World) -> None:
    world.import_rows(
        [*ROSTER, *(row(f"4000{number:04}", f"Martin-{'ABCDEFGHI'[number % 9]}", "A") for number in range(120))]
    )
    claire = claire_at_home(world)
    for wanted, number in (({"structure": "S1"}, 125), ({"name": "martin"}, 120), ({"missing": "contact"}, 121)):
        seen, page = list[str](), wanted
        while page:
            heard = len(world.wire.done)
            body = search(claire, **page).body
            asked = [call for call, _ in world.wire.done[heard:]]
            assert asked == ["BatchGetItem", *["Query"] * (2 if "name" in wanted else 1), "BatchGetItem"]
            seen += [person["identifier"] for person in body["people"]]
            assert len(body["people"]) <= 50
            page = {**wanted, "after": body["after"]} if "after" in body else {}
        assert (len(seen), len(set(seen))) == (number, number)


# Attacks on what is seen


def test_nothing_tells_who_activated(world: World, claire: Visitor) -> None:
    def everything_said() -> list[Any]:
        lacking = [search(claire, missing=what).body for what in ("contact", "reachable")]
        return [claire.get(HOME).body, search(claire).body, *lacking]

    before = everything_said()
    activate(world, Visitor(), LOUIS)
    world.deliver()
    assert everything_said() == before


def test_no_identifier_and_no_structure_of_others_is_told_from_none_at_all(world: World, claire: Visitor) -> None:
    work = []
    for identifier in ("30000001", "29999999", CLAIRE):
        heard = len(world.wire.done)
        assert search(claire, identifier=identifier).body == {"people": []}
        work.append([operation for operation, _ in world.wire.done[heard:]])
    assert work == work[:1] * 3
    refused = [search(claire, structure, identifier="30000001") for structure in ("S2", "S3", "x" * 80)]
    assert {(answer.status, answer.code) for answer in refused} == {(404, "not-found")}
    assert len({str({**answer.body, "correlation_id": ""}) for answer in refused}) == 1


# The follow-up


def follow(claire: Visitor, **more: str) -> Answer:
    return claire.post(FOLLOW_UP, {"structure": "S1", **more})


def test_a_correspondent_sees_requests_of_who_consents_and_that_is_seen(world: World, louis: Visitor) -> None:
    requests.sent(louis)
    claire = claire_at_home(world)
    for _ in range(2):
        [person] = follow(claire).body["people"]
    assert (person["last_name"], [one["state_label"] for one in person["requests"]]) == ("Garcia", ["Envoyée"])
    history = louis.get(f"{ACCOUNT}/history").body["events"]
    looks = [event["label"] for event in history if event["kind"] == "correspondent_looked"]
    assert looks == ["Votre correspondant a consulté le suivi de vos demandes"]
    assert follow(claire, after="x").said == (422, "invalid-request")


# One row


def test_a_row_is_changed_and_listed_so_with_another_version(world: World, claire: Visitor) -> None:
    before = listed(claire)
    answer = change(claire, {"first_name": "Louis-Marie"})
    assert (answer.status, answer.body["outcome"]) == (200, "updated")
    assert answer.body["remarks"] == ["adresse email : boîte du domaine de l'employeur : d'autres peuvent la lire"]
    after = listed(claire)
    assert after["row"] == before["row"] | {"first_name": "Louis-Marie"}
    assert after["version"] != before["version"]
    remarks = ["téléphone mobile : il manquait le zéro du début : il est remis"]
    assert change(claire, {"mobile": "612345670"}, "10000003").body == {"outcome": "updated", "remarks": remarks}
    assert "10000003" in bootstrap.given_contacts().of(CLAIRE).values()
    assert claire.get(HOME).body["structures"][0]["without_contact"] == 0
    marks = {"M": {to: {"S": "complained"} for to in (LOUIS_MAIL, LOUIS_MOBILE)}}
    world.deployment.dynamodb.put_item(TableName="accounts", Item=world.profile() | {"deliverability": marks})
    assert change(claire, {"mobile": "0699999999"}).status == 200
    assert world.profile()["deliverability"] == {"M": {LOUIS_MAIL: {"S": "complained"}}}
    assert change(claire, {"last_name": "Durand"}).said == (409, "not-confirmed")
    assert change(claire, {"last_name": "Durand"}, confirm=["x"]).said == (422, "invalid-request")
    assert change(claire, {"last_name": "Durand"}, confirm=["renamings"]).status == 200


def test_a_row_with_odd_cells_is_refused(claire: Visitor) -> None:
    version = listed(claire)["version"]
    odd: list[Any] = [{"shared": "1"}, {"desk_email": "x"}, {"email": 1}, {"email": None}, {"email": "x" * 501}]
    for cells in (*odd, {}, [], "x"):
        answer = claire.put(ROW, {"identifier": "10000001", "version": version, "row": cells})
        assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/row", "invalid")})
    answer = change(claire, {"structure_id": "S2"})
    assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/row/structure_id", "invalid")})


# Attacks on rows


def test_nobody_of_others_is_changed_or_told_from_nobody_at_all(world: World, claire: Visitor) -> None:
    world.import_rows([ROSTER[0] | {"end_date": "2026-11-20"}])
    handler("purge_expired")({}, CONTEXT)
    before = world.everything()
    answers = [
        change(claire, {"email": "voleur@exemple.fr"}, identifier, version="0" * 32)
        for identifier in ("30000001", "29999999", "10000001", CLAIRE, OTHER)
    ]
    assert {answer.said for answer in answers} == {(404, "not-found")}
    assert len({str({**answer.body, "correlation_id": ""}) for answer in answers}) == 1
    assert world.everything() == before


# Files


def test_a_file_is_put_where_it_counts_as_its_senders_and_says_nothing_of_itself(world: World, claire: Visitor) -> None:
    file = bytes(range(256)) * 16 + b"\xff\xfe\x00" + "é;ñ".encode("cp1252")
    answer = claire.send(UPLOADS, file, {"x-amz-meta-apply": "yes", "x-amz-meta-sender": "voleur@exemple.fr"})
    assert answer.status == 202
    key = UploadPaths(CLAIRE, answer.body["upload_id"]).file
    found = world.deployment.s3.get_object(Bucket=BUCKET, Key=key)
    assert (found["Body"].read(), found["Metadata"]) == (file, {})


def test_what_becomes_of_a_file_is_told(world: World, claire: Visitor) -> None:
    upload = sent(world, claire)
    here = f"{UPLOADS}/{upload.upload_id}"
    begun = {"state": "checking", "progress": {"done": 0, "total": 0}, "findings": []}
    assert claire.get(here).body == {"upload_id": upload.upload_id, **begun, "expires_at": world.in_(3 * HOUR)}
    empty, ignored = "cette cellule est vide", Finding(None, "", "Colonnes ignorées : âge.")
    checked = put_off(
        world,
        upload,
        state=UploadState.CHECKED,
        progress=uploads.UploadProgress(40, 37),
        counts={"updated": 3, "arrivals": 2},
        findings=(Finding(2, "nom", empty, Nature.REFUSED), ignored),
        confirm=tuple(ToConfirm("departures", words) for words in ("S1 : 4 départs", "S2 : 5 départs")),
    )
    assert claire.get(here).body == {
        "upload_id": upload.upload_id,
        "state": "checked",
        "progress": {"done": 37, "total": 37},
        "counts": {"created": 0, "updated": 3, "left": 0, "unchanged": 0, "arrivals": 2},
        "findings": [{"row": 2, "column": "nom", "reason": f"Refusé : {empty}"}, {"reason": ignored.reason}],
        "confirm": ["departures"],
        "expires_at": world.in_(24 * HOUR),
    }
    [last] = claire.get(HOME).body["uploads"]
    assert (last["upload_id"], last["state"], last["sent_at"]) == (upload.upload_id, "checked", world.in_(0))
    assert claire.post(f"{here}/application", {"confirm": ["renamings"]}).said == (409, "not-confirmed")
    assert claire.post(f"{here}/application", {"confirm": ["departures"]}).status == 202
    put_off(world, replace(checked, state=UploadState.APPLYING), state=UploadState.APPLIED, applied_at=world.now)
    assert claire.get(here).body["undo_until"] == world.in_(24 * HOUR)


def test_once_a_file_is_taken_back_it_is_told_how_many_stayed(world: World, claire: Visitor) -> None:
    words = {0: [], 1: ["1 fiche reste comme elle est."], 1200: ["1\u202f200 fiches restent comme elles sont."]}
    for stayed, said in words.items():
        upload = sent(world, claire, state=UploadState.UNDONE, stayed=stayed)
        findings = claire.get(f"{UPLOADS}/{upload.upload_id}").body["findings"]
        assert [finding["reason"] for finding in findings] == said


def test_the_report_is_a_file_and_none_while_s3_would_not_tell_of_it(world: World, claire: Visitor) -> None:
    upload = sent(world, claire)
    world.wire.fail("GetObject", aws_error("AccessDenied", 403), times=1)
    assert claire.get(f"{UPLOADS}/{upload.upload_id}/report").said == (404, "not-found")
    [asked] = world.wire.asked("ListObjectsV2")
    assert asked["Prefix"].startswith(f"reports/{CLAIRE}-")
    key = ImportPaths(UploadPaths(CLAIRE, upload.upload_id).import_id).report("csv")
    body = "\ufeffligne;sorte\r\n2;refus\r\n"
    world.deployment.s3.put_object(Bucket=BUCKET, Key=key, Body=body.encode())
    answer = claire.get(f"{UPLOADS}/{upload.upload_id}/report")
    assert (answer.status, answer.text) == (200, body)
    assert answer.headers["Content-Type"] == ["text/csv; charset=utf-8"]
    assert answer.headers["Content-Disposition"] == ['attachment; filename="rapport.csv"']


# Limits of a day


def test_a_correspondent_sends_one_file_at_a_time_and_twenty_a_day(world: World, claire: Visitor) -> None:
    for _ in range(19):
        counted = bootstrap.counters().count_today(Daily.UPLOADS, CLAIRE, most=20, now=world.now)
        bootstrap.store().commit(counted)
    first = sent(world, claire)
    refused = claire.send(UPLOADS, FILE)
    assert (refused.said, refused.body["retry_at"]) == ((429, "import-running"), world.in_(3 * HOUR))
    put_off(world, first, state=UploadState.REFUSED)
    refused = claire.send(UPLOADS, FILE)
    assert (refused.said, refused.body["retry_at"]) == ((429, "too-many-today"), "2026-11-25T00:00:00Z")
    assert len(world.wire.asked("PutObject")) == 1
    world.advance(15 * HOUR)
    assert sign_in(world, CLAIRE_FONTAINE).send(UPLOADS, FILE).status == 202


# Attacks on files


def test_a_file_of_another_correspondent_is_as_none_at_all(world: World, claire: Visitor) -> None:
    invite(world, identifier=OTHER, mail_key="other")
    upload = uploads.new_upload(OTHER, ["S1"], bytes, now=world.now)
    bootstrap.store().commit(bootstrap.uploads().send(upload))
    odd = ("x", "..", "%2e%2e", "é", "a" * 65, "a" * 5_000, "x%00", "UPLOAD%23x")
    answers = [claire.get(f"{UPLOADS}/{upload_id}") for upload_id in odd]
    for upload_id in (upload.upload_id, "20261124T093000Z-ffffffffffff"):
        here = f"{UPLOADS}/{upload_id}"
        answers += [claire.get(here), claire.get(f"{here}/report")]
        answers += [claire.post(f"{here}/application", {}), claire.post(f"{here}/undoing")]
    assert {answer.said for answer in answers} == {(404, "not-found")}
    assert len({str({**answer.body, "correlation_id": ""}) for answer in answers}) == 1
    assert world.wire.asked("PutObject") == []


def encoded(size: int) -> dict[str, Any]:
    return {"body": base64.b64encode(b"x" * size).decode(), "isBase64Encoded": True}


def test_a_larger_body_is_taken_by_one_method_on_one_path(claire: Visitor) -> None:
    octets = {"Content-Type": "application/octet-stream"}
    assert claire.send(UPLOADS, b"x" * MOST).status == 202
    assert claire.call("POST", UPLOADS, headers=octets, event=encoded(MOST + 1)).said == (413, "body-too-large")
    spelt_otherwise = (f"{UPLOADS}/", f"{HOME}/%75ploads", f"{HOME}//uploads", f"{UPLOADS}/x/application")
    elsewhere = [("POST", path) for path in (ACTIVATION, SEARCH, *spelt_otherwise)]
    for method, path in (*elsewhere, ("PUT", ROW), ("PUT", UPLOADS)):
        assert claire.call(method, path, headers=octets, event=encoded(8_193)).said == (413, "body-too-large"), path
        assert claire.call(method, path, headers=octets, event=encoded(8_192)).status in (404, 405, 415), path


def test_a_file_is_octets_of_which_the_gateway_made_no_text_and_nothing_else(claire: Visitor) -> None:
    odd = ("", "application/json", "text/csv", "multipart/form-data; boundary=x", "application/octet-stream-x", "*/*")
    for media_type in (None, *odd):
        assert claire.send(UPLOADS, FILE, {"Content-Type": media_type}).said == (415, "unsupported-media-type")
    octets = {"Content-Type": "application/octet-stream"}
    assert claire.call("POST", UPLOADS, raw="identifiant;nom", headers=octets).said == (415, "unsupported-media-type")
    for event in ({"body": None}, {"body": "", "isBase64Encoded": True}):
        answer = claire.call("POST", UPLOADS, headers=octets, event=event)
        assert (answer.said, answer.faults) == ((422, "invalid-request"), {("#/file", "missing")})


def test_large_bodies_of_nobody_cost_nothing(world: World) -> None:
    for token, calls in (("", []), ("x", []), ("A" * 43, ["GetItem"])):
        heard = len(world.wire.done)
        nobody = Visitor({"__Host-session": token} if token else {})
        assert nobody.send(UPLOADS, b"x" * MOST).said == (401, "session-expired")
        assert [operation for operation, _ in world.wire.done[heard:]] == calls
