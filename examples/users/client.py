"""A client of remotipy 0.1.2, for Python 2: pip install remotipy urllib3, then python client.py [URL]"""

import sys

from remotipy.rpc import RemoteException, remote, serializable

URL = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8083/users"


@serializable
class Place(object):
    def __init__(self, name=None, country=None):
        self.name = name
        self.country = country


@serializable
class Address(object):
    def __init__(self, street=None, place=None):
        self.street = street
        self.place = place


@serializable
class User(object):
    def __init__(self, name=None, age=None, address=None, aliases=()):
        self.name = name
        self.age = age
        self.address = address
        self.aliases = list(aliases)


@serializable
class Admin(User):
    def __init__(self, name=None, age=None, address=None, aliases=(), rights=()):
        super(Admin, self).__init__(name, age, address, aliases)
        self.rights = list(rights)


@remote(URL, sys.modules[__name__])
class Users(object):
    def save(self, user):
        pass

    def find(self, name):
        pass

    def resettle(self, name, address):
        pass

    def neighbours(self, place):
        pass

    def census(self):
        pass

    def promote(self, name):
        """The server knows nothing of this."""


def shown(user):
    place = user.address.place
    return "%s %s, %d, %s, %s (%s) [%s]" % (
        type(user).__name__, user.name, user.age, user.address.street, place.name, place.country,
        " ".join(user.aliases))


def main():
    users = Users()
    hamburg, bern = Place("Hamburg", "DE"), Place("Bern")

    print("saved: %s" % users.save(User("ada", 36, Address("Quay 1", hamburg), ["countess"])))
    print("saved: %s" % users.save(Admin("bo", 51, Address("Bridge 2", hamburg), [], ["everything"])))
    # A dict will do where an object is expected.
    users.save({"name": "cleo", "age": 20, "address": {"street": u"Gr\xfcngasse 3", "place": bern}, "aliases": []})

    print("found: %s" % shown(users.find("ada")))
    print("by an alias: %s" % shown(users.find("countess")))
    print("moved: %s" % shown(users.resettle("ada", Address("Gasse 3", bern))))
    print("in Hamburg: %s" % ", ".join(shown(user) for user in users.neighbours(hamburg)))
    street = users.find("cleo").address.street
    print("in Bern: %d, one in %s" % (len(users.neighbours(bern)), street.encode("unicode_escape")))
    census(users)

    fails("nobody", lambda: users.find("nemo"))
    fails("a missing method", lambda: users.promote("ada"))
    fails("a wrong class", lambda: users.save(hamburg))
    fails("a wrong field", lambda: users.save(User("dee", "old", Address("Gasse 4", bern))))
    fails("too few", lambda: users.resettle("ada"))
    census(users)


def census(users):
    print("census: %s" % ", ".join("%s %d" % place for place in sorted(users.census().items())))


def fails(what, call):
    try:
        print("%s: no error, but %s" % (what, call()))
    except RemoteException as error:
        print("%s: %s" % (what, error))


if __name__ == "__main__":
    main()
