import time
from tests.journeys.conftest import *
from tests.journeys.world import a_member
from ponts_flows.steps import PROPOSALS
def test_a(world):
    for k in range(3):
        t0=time.time(); s=world.snapshot(); t1=time.time(); world.restore(s); print("snap",t1-t0,"restore",time.time()-t1)
    world.register(a_member("Léa","Durand"), a_member("Paul","Martin"))
    lea=world.sign_up("mentee"); paul=world.sign_up("mentor")
    s=world.snapshot()
    for k in range(3):
        world.restore(s)
        t0=time.time(); r=world.tick(PROPOSALS); print("tick",time.time()-t0, r.lines(), dict(world.google.calls))
        t0=time.time(); r=world.tick(); print("tick",time.time()-t0, r.lines(), dict(world.google.calls))
        t0=time.time(); world.restarted(); r=world.tick(); print("tick fresh",time.time()-t0, r.lines(), dict(world.google.calls))
    print(world.board("applications")); print(world.board("proposals"))
    print(world.inbox(lea))
    world.decide("P-0001","Valider")
    world.advance(hours=1); print(world.tick().lines())
    m=world.inbox(paul)[-1]; print(m)
    world.reply(paul, m.reference, "Oui")
    world.advance(hours=1); print(world.tick().lines())
    m=world.inbox(lea)[-1]; print(m.subject)
    world.reply(lea, m.reference, "Oui")
    world.advance(hours=1); print(world.tick().lines())
    print([m.subject for m in world.inbox(lea)]); print(world.row("proposals","P-0001"))
    world.add_row("proposals", wanted_mentee="A-0001", wanted_mentor="A-0002")
    world.tick(); print(world.board("proposals"))
