"""The app's core against the live server: what a phone in the field goes through, and what it then says of it."""

import hashlib
import time

import pytest
from tests.web.core.browser_side import Refused
from tests.web.core.telephone import picture

from golos.ceremony.freeze import freeze, sign_jointly
from golos.ceremony.opening import open_ballots
from golos.ceremony.shares import restore
from golos.credential.sealing import SealingKey, decode_inner, open_envelope, open_inner, open_photo
from golos.credential.staff import Staff
from golos.credential.steward import staff_key
from golos.doors.cli.results import publish_election
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.model.ed25519 import SigningKey
from golos.model.entry import decode_entry
from golos.model.record import encode
from golos.publish import mirrors
from golos.publish.shards import ROOT, shards

pytestmark = pytest.mark.xdist_group("phone")


def stages(item):
    return [step["stage"] for step in item["steps"]]


def records(country, kind="ballot"):
    """Return the committed and waiting entries of a kind."""
    log = country.living.office.log()
    return [e for record in log.records if (e := decode_entry(record)).__struct_config__.tag == kind]


def test_the_whole_way_to_a_receipt_that_the_other_program_verifies(phones, country):
    phone = phones()
    phone.register()
    assert phone.state()["registration"]["step"] == "registered"
    name = phone.vote(photo=picture(100_000))
    item = phone.until(name, "received")
    assert stages(item)[:3] == ["saved", "handed", "received"]
    assert item["photo"]["done"]
    keys = country.living.pack.keys
    receipt = Receipt.parse(phone.call("receipt.text", name).encode())
    record = bytes.fromhex(item["record"])
    assert receipt.verify(record, Policy.of(keys.log, keys.witnesses, keys.quorum)).size > receipt.index
    assert len(phone.call("receipt.words", name)) == 6
    ballot = country.living.office.log().records[receipt.index]
    assert hashlib.sha256(ballot).digest() == record


def test_what_leaves_is_the_same_length_for_every_choice_and_only_the_stewards_can_read_it(phones, country):
    phone, pack = phones(), country.living.pack
    phone.register()
    lengths = set()
    office = country.living.office
    for option in range(2):
        for station in (0, 3):
            phone.ask("sent")
            name = phone.vote(station=station, option=option)
            phone.until(name, "handed")
            envelope = next(bytes.fromhex(body) for body in phone.ask("sent") if len(body) == 2048)
            contents = open_envelope(envelope, [office.keys.sealing("intake")], pack.id)
            lengths.add((len(envelope), len(contents.record), len(contents.sealed)))
            key = _opening_key(office)
            inner = decode_inner(open_inner(contents.sealed, [key], pack.id))
            assert inner.station == list(pack.stations)[station]
            assert inner.choices == ((pack.contests[0].id, (pack.contests[0].options[option].id,)),)
    assert len(lengths) == 1


def test_offline_for_the_whole_way_and_then_online(phones):
    phone = phones()
    phone.register()
    phone.call("stations.get", "01-01-001")
    phone.set(online=False)
    name = phone.vote(photo=picture(30_000))
    time.sleep(0.5)
    item = phone.item(name)
    assert stages(item) == ["saved"]
    assert item["problem"]["code"] == "offline"
    assert item["nextTry"] is not None
    phone.ask("reload")
    phone.set(online=True)
    phone.call("outbox.send")
    assert stages(phone.until(name, "received")) == ["saved", "handed", "received"]


@pytest.mark.parametrize("where", ["/envelopes", "/photos", "/photos/", "/checkpoint", "/lookup", "/tile"])
def test_a_cut_anywhere_loses_nothing_and_doubles_nothing(phones, country, where):
    phone = phones()
    phone.register()
    phone.set(cut=where, times=2)
    before = len(records(country))
    name = phone.vote(photo=picture(60_000))
    item = phone.sent_until(name, "received")
    assert stages(item).count("handed") == 1
    assert item["photo"] == {
        "total": item["photo"]["total"],
        "sent": item["photo"]["total"],
        "done": True,
        "small": False,
    }
    assert len(records(country)) == before + 1


def test_a_network_that_can_not_carry_the_picture_gets_the_small_one_and_never_both(phones, country):
    phone = phones()
    phone.register()
    small = picture(20_000)
    phone.set(cut="/photos/", times=40)
    first = phone.vote(photo=picture(120_000), small=small)
    for _ in range(6):
        phone.call("outbox.send")
    items = phone.state()["items"]
    assert [one["sequence"] for one in items][-1] == items[0]["sequence"] + 1
    assert items[-1]["photo"]["small"]
    phone.set(times=0)
    phone.call("outbox.send")
    last = phone.until(items[-1]["id"], "received")
    assert last["photo"]["done"]
    office = country.living.office
    ballot = next(e for r, e in _entries(country) if hashlib.sha256(r).hexdigest() == last["record"])
    sealed = office.blobs.get(ballot.photo)
    assert open_photo(sealed, [office.keys.sealing("room")], office.pack.id) == small
    received = {e.photo for _, e in _entries(country) if e.__struct_config__.tag == "photo"}
    named = {e.photo for r, e in _entries(country) if hashlib.sha256(r).hexdigest() == phone.item(first)["record"]}
    assert not received & (named - {ballot.photo})


def test_a_network_of_a_few_bytes_a_second_gets_the_small_picture_at_once(phones):
    phone = phones()
    phone.register()
    phone.set(drag=30_000)
    first = phone.vote(photo=picture(140_000))
    phone.call("outbox.send")
    items = phone.state()["items"]
    assert [one["sequence"] for one in items] == [1, 2]
    assert (phone.item(first)["photo"]["done"], items[-1]["photo"]["small"]) == (False, True)
    phone.set(drag=0)
    phone.call("outbox.send")
    assert phone.until(items[-1]["id"], "received")["photo"]["done"]


def test_the_server_is_killed_in_the_middle(phones, country):
    phone = phones()
    phone.register()
    phone.set(slow=150)
    name = phone.vote(photo=picture(140_000))
    time.sleep(0.6)
    country.living.kill()
    time.sleep(0.5)
    said = stages(phone.item(name))
    country.living.start()
    phone.set(slow=0)
    item = phone.sent_until(name, "received")
    assert stages(item)[: len(said)] == said
    assert item["photo"]["done"]


def test_a_clock_that_is_wrong_by_a_day_is_said_and_put_right(phones):
    for ahead in (86_400_000, -86_400_000):
        phone = phones()
        phone.set(ahead=ahead)
        phone.register()
        assert abs(phone.state()["clockAhead"] - ahead) < 5000
        name = phone.vote()
        item = phone.until(name, "received")
        assert all(abs(step["time"] / 1000 - time.time()) < 30 for step in item["steps"])


def test_storage_nearly_full_refuses_what_it_can_not_keep_and_keeps_what_it_has(phones):
    phone = phones()
    phone.register()
    first = phone.vote()
    phone.until(first, "received")
    phone.set(room=60_000)
    with pytest.raises(Refused, match=r"storage\.full"):
        phone.vote(photo=picture(120_000))
    assert [one["id"] for one in phone.state()["items"]] == [first]
    second = phone.vote(option=1)
    assert phone.until(second, "received")


def test_two_tabs_at_once_send_everything_once(phones, country):
    phone = phones()
    phone.register()
    phone.ask("open")
    before = len(records(country))
    names = [phone.vote(), phone.call("outbox.withdraw", tab=1)]
    phone.call("outbox.send", tab=1)
    phone.until(names[1], "received", tab=0)
    sequences = [one["sequence"] for one in phone.state(1)["items"]]
    assert sequences == sorted(set(sequences))
    assert len(records(country)) - before <= 1
    assert len(phone.state(0)["items"]) == len(phone.state(1)["items"]) == 2


def test_a_lost_answer_to_the_token_request_is_asked_for_again_with_the_same_request(phones, country):
    phone = phones()
    phone.call("loadElection")
    number = "+375291999001"
    phone.call("registration.sendCode", number)
    code = country.code()
    phone.ask("sent")
    phone.set(cut="/enrolment/token", times=1)
    with pytest.raises(Refused, match="offline"):
        phone.call("registration.finish", number, code)
    phone.ask("reload")
    assert phone.state()["registration"]["step"] == "coded"
    phone.call("registration.finish", number, code)
    assert phone.state()["registration"]["step"] == "registered"


def test_a_number_that_is_used_already_can_be_disputed_or_issued_again_once(phones, country):
    number, other = phones().register(), phones()
    other.call("loadElection")
    other.call("registration.sendCode", number)
    code = country.code()
    with pytest.raises(Refused, match=r"enrolment\.used"):
        other.call("registration.finish", number, code)
    other.call("registration.dispute", number, code, "02")
    other.call("registration.finish", number, code, True)
    registration = other.state()["registration"]
    assert (registration["step"], registration["reissued"]) == ("registered", True)


def test_paper_gives_the_key_back_and_a_misread_digit_does_not(phones):
    phone, other = phones(), phones()
    phone.register()
    phone.until(phone.vote(), "handed")
    paper = phone.call("registration.paper")
    other.call("loadElection")
    for wrong in (paper[:-4] + "0000", paper[:20], "", "GOLOS:E:" + paper[8:]):
        with pytest.raises(Refused, match=r"paper\.malformed"):
            other.call("registration.importPaper", wrong)
    other.call("registration.importPaper", paper)
    name = other.vote(option=1)
    assert other.until(name, "received")["sequence"] > phone.state()["items"][0]["sequence"]
    code = other.call("qr.encode", paper)
    assert len(code) <= 177


def test_a_pin_locks_everything_and_a_wrong_one_opens_nothing(phones):
    phone = phones()
    phone.register()
    name = phone.vote()
    phone.until(name, "received")
    phone.call("pin.set", "2468")
    phone.ask("reload")
    state = phone.state()
    assert (state["locked"], state["items"], state["registration"]["step"]) == (True, [], "none")
    with pytest.raises(Refused, match=r"pin\.wrong"):
        phone.call("pin.unlock", "1357")
    phone.call("pin.unlock", "2468")
    assert phone.item(name)["stage"] in ("received", "checked")
    phone.call("pin.remove", "2468")
    phone.ask("reload")
    assert not phone.state()["locked"]


def test_nothing_readable_is_ever_at_rest_and_forgetting_leaves_nothing(phones, country):
    phone = phones()
    number = phone.register()
    shot = picture(50_000)
    phone.vote(photo=shot)
    pack = country.living.pack
    kept = str(phone.ask("rows"))
    for text in (number[1:], next(iter(pack.stations)), pack.contests[0].options[0].id, "station", "ballot"):
        assert text.encode().hex() not in kept
        assert text not in kept
    assert shot[100:200].hex() not in kept
    phone.call("forget")
    assert phone.ask("rows") == []
    assert phone.state()["items"] == []
    assert phone.state()["registration"]["step"] == "none"


def test_a_file_and_a_code_are_carried_by_others_who_can_not_read_them(phones, country):
    phone, carrier = phones(), phones()
    phone.register()
    carrier.call("loadElection")
    phone.call("stations.get", list(country.living.pack.stations)[1])
    phone.set(online=False)
    name = phone.vote(station=1, photo=picture(40_000))
    file = phone.call("file.export")["bytes"]
    code = phone.call("file.qr", name)
    assert [step.get("by") for step in phone.item(name)["steps"]] == [None, "file", "qr"]
    carrier.set(online=False)
    carried = carrier.call("carry.add", file)
    assert carrier.call("carry.add", file) == carried
    scanned = carrier.call("carry.addQr", code)
    assert {one["id"]: one["envelopes"] for one in carrier.state()["carried"]} == {carried: 1, scanned: 1}
    carrier.set(online=True)
    carrier.call("outbox.send")
    assert all(one["delivered"] and not one["problem"] for one in carrier.state()["carried"])
    phone.set(online=True)
    phone.ask("log")
    phone.call("outbox.send")
    assert phone.until(name, "received")["photo"]["done"]
    with pytest.raises(Refused, match=r"file\.malformed"):
        carrier.call("carry.add", file[:-1])
    with pytest.raises(Refused, match=r"file\.malformed"):
        carrier.call("carry.addQr", code[:-3])


def test_a_dead_mirror_and_a_living_one(phones, country):
    phone = phones()
    phone.register()
    _publish_mirrors(country, [country.base[:-1], "http://127.0.0.1:1"])
    try:
        phone.call("loadElection")
        phone.set(base="http://127.0.0.1:9/")
        phone.ask("reload")
        name = phone.vote()
        assert phone.until(name, "received")["steps"][1]["by"] == country.base[:-1]
    finally:
        (country.living.folder / "mirrors").unlink()


def test_what_is_wiped_after_the_receipt_is_gone_and_is_not_sent_again(phones, country):
    phone = phones()
    phone.register()
    phone.call("set", {"wipeAfterReceipt": True})
    name = phone.vote(photo=picture(30_000))
    phone.until(name, "received")
    phone.call("outbox.send")
    item = phone.item(name)
    assert (item["station"], item["choices"], item["hasPhoto"]) == (None, None, False)
    assert phone.call("outbox.picture", name) is None


def test_pictures_with_metadata_never_get_in(phones):
    phone = phones()
    phone.register()
    good = picture(30_000)
    exif = good[:2] + b"\xff\xe1\x00\x08Exif\0\0" + good[2:]
    for bad in (exif, good + b"trailer", b"\x89PNG" + good, good[:2] + b"\xff\xfe\x00\x04hi" + good[2:]):
        with pytest.raises(Refused, match=r"photo\.metadata"):
            phone.vote(photo=bad)
    with pytest.raises(Refused, match=r"photo\.size"):
        phone.vote(photo=picture(150_001))


def test_after_the_opening_it_says_counted_and_why_not(phones, country):
    """Last: it ends the election."""
    voters = [phones() for _ in range(3)]
    for phone in voters:
        phone.register()
    counted = [phone.vote(station=2, photo=picture(20_000)) for phone in voters[:2]]
    replaced = voters[2].vote(station=2)
    voters[2].until(replaced, "received")
    withdrawn = voters[2].call("outbox.withdraw")
    for phone, name in zip(voters, [*counted, withdrawn], strict=True):
        phone.until(name, "received")
    _read_by_two(country, voters[0].item(counted[0])["record"])
    _open_and_publish(country)
    for phone, name, tier in zip(voters, counted, ("confirmed", "photographed"), strict=False):
        phone.call("receipt.check", name)
        item = phone.item(name)
        assert (item["stage"], item["steps"][-1]["tier"]) == ("counted", tier)
    voters[2].call("receipt.check", withdrawn)
    voters[2].call("receipt.check", replaced)
    assert voters[2].item(withdrawn)["steps"][-1]["reason"] == "withdrawn"
    assert voters[2].item(replaced)["steps"][-1]["reason"] == "replaced"
    late = voters[0].vote(station=0)
    time.sleep(1)
    assert (voters[0].item(late)["stage"], voters[0].item(late)["problem"]["code"]) == ("refused", "election.frozen")


def _entries(country):
    return [(record, decode_entry(record)) for record in country.living.office.log().records]


def _opening_key(office):
    return SealingKey(restore(office.keys.shares()[: office.pack.keys.threshold]))


def _publish_mirrors(country, origins):
    office = country.living.office
    stations = hashlib.sha256(shards(office.pack)[ROOT]).hexdigest()
    note = mirrors.sign(office.keys.signer("publisher"), office.pack.id, int(time.time()), stations, origins)
    (country.living.folder / "mirrors").write_bytes(note)


def _read_by_two(country, ballot):
    """Let two readers see the ballot's choice in its photograph."""
    living = country.living
    living.stop()
    office = living.office
    photo = next(e.photo for r, e in _entries(country) if hashlib.sha256(r).hexdigest() == ballot)
    readers = [Staff(office.pack.id, SigningKey(bytes([7, n]) * 16)) for n in range(2)]
    steward = office.keys.stewards()[0]
    office.write([encode(staff_key(steward, office.pack.id, "grant", "reader", one.key.public)) for one in readers])
    contest = office.pack.contests[0]
    choices = ((contest.id, (contest.options[0].id,)),)
    living.office.write([one.verdict(photo, "ballot", choices) for one in readers])
    living.start()


def _open_and_publish(country):
    office = country.living.office
    stewards = office.keys.stewards()
    office.write([freeze(office.pack, office.head(), stewards)])
    opened = open_ballots(office.log(), office.sealed, _opening_key(office))
    office.write([sign_jointly(office.pack, opened.draft, stewards)], [opened.blob])
    publish_election(country.living.office, country.living.folder / "public")
