"""A voter's phone number: made uniform, turned into a tag, and forgotten."""

import phonenumbers

from golos.model.problem import Problem


def normalise(phone: str) -> str:
    """Return the number in E.164 form (``+375291234567``).

    Raises Problem ``phone.invalid``, which never repeats the number.
    """
    try:
        number = phonenumbers.parse(phone[:40], None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Problem(
            "phone.invalid",
            "phone",
            "is not a telephone number that can exist.",
            "Write it with + and the country code, for example +375 29 and seven digits.",
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
