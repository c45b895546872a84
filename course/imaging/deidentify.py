"""Taking a listed part of what identifies a patient out of a DICOM file, and saying what was not looked at.

The list is a part of DICOM PS3.15, Annex E (Basic Application Level Confidentiality Profile). What comes out meets no
standard and no law by itself: a person must read what the report names, and look at the pixels.
"""

import datetime
import hashlib
import hmac
import re
from collections import Counter
from typing import NamedTuple

from course import CourseError
from course.imaging.dicom_header import first_line
from course.imaging.dicom_names import without_names

REMOVED = frozenset((
    "AccessionNumber", "AcquisitionComments", "AdditionalPatientHistory", "AdmissionID",
    "AdmittingDiagnosesDescription", "Allergies", "AudioSampleData", "CurrentPatientLocation", "DeviceSerialNumber",
    "DeviceUID", "DigitalSignaturesSequence", "EncapsulatedDocument", "EthnicGroup", "GantryID", "IconImageSequence",
    "ImageComments", "InstitutionAddress", "InstitutionCodeSequence", "InstitutionName",
    "InstitutionalDepartmentName", "InsurancePlanIdentification", "IssuerOfPatientID", "MACParametersSequence",
    "MedicalAlerts", "MedicalRecordLocator", "MilitaryRank", "ModifiedAttributesSequence", "Occupation",
    "OriginalAttributesSequence", "OtherPatientIDs", "OtherPatientIDsSequence", "OtherPatientNames", "PatientAddress",
    "PatientBirthName", "PatientBirthTime", "PatientComments", "PatientInsurancePlanCodeSequence",
    "PatientMotherBirthName", "PatientReligiousPreference", "PatientState", "PatientTelephoneNumbers",
    "PerformedProcedureStepID", "PerformedStationAETitle", "PerformedStationName", "PlateID", "ProtocolName",
    "RegionOfResidence", "RequestAttributesSequence", "RequestedProcedureComments", "ScheduledProcedureStepID",
    "SpecialNeeds", "StationName", "StudyComments", "VisitComments",
))  # fmt: skip
EMPTIED = frozenset(("PatientBirthDate", "PatientID", "SeriesDescription", "StudyDescription", "StudyID"))
TEXTS = ("LO", "LT", "SH", "ST", "UC", "UT")  # kinds of value in which anybody may have written anything
OVERLAYS, CURVES = range(0x6000, 0x6100), range(0x5000, 0x5100)  # groups: may hold writing, as a picture
LEAST_DAYS, MOST_DAYS = 30, 3650  # by which dates go back
OLDEST = 89  # years; above it an age says who: 90 is written
CAUTION = ("Meets no standard by itself. Read the texts that the report names, and look at every picture: names in the "
           "pixels, a face in a scan of the head, or a rare case may still tell who this is.")


class Report(NamedTuple):
    """done: {what was done: how often}; texts: keywords of the texts left, to be read by a person; not_looked_at."""

    done: dict
    texts: list
    not_looked_at: list


def deidentify(header, secret, blank=()):
    """Return (copy of the Dataset with the listed parts removed or replaced, Report). Read CAUTION.

    secret: bytes or text known to the hospital alone. With one secret, one patient's dates all go back by the same
        number of days, 30 to 3650, so that the time between two examinations stays, and the same number (UID) becomes
        the same new one in every file. Who does not know the secret cannot turn it back; who does, can guess names.
    blank: rectangles of pixels to set to 0, (top, left, bottom, right), in every frame; stored uncompressed.

    In the header and in all sequences: private elements, overlays, curves, elements of unknown kind, addresses of
    machines and the listed ones are removed; all person names, and the keywords in EMPTIED, say nothing; dates and
    moments go back; all numbers but DICOM's own are mapped; ages above 89 become 90. Raises CourseError for a short
    secret and a header that cannot be decoded to its end.
    """
    key = secret.encode() if isinstance(secret, str) else bytes(secret)
    if len(key) < 8:
        raise CourseError("the secret has fewer than 8 characters, so that anybody could try them all. Take a long "
                          "one, and keep it where the pictures are not.")
    result, _ = without_names(header, tags=(), blank=blank)
    work = _Work(key, _days(key, str(header.get("PatientID", "") or header.get("PatientName", ""))))
    try:
        result.walk(work.visit)
        if "file_meta" in vars(result) and result.file_meta is not None:
            _clean_meta(result, work)
    except CourseError:
        raise
    except Exception as error:  # pydicom decodes while it walks, and raises many kinds
        raise CourseError(f"the header cannot be decoded to its end, so nothing is given back: {first_line(error)} "
                          "Export the file again.") from error
    if getattr(result, "preamble", None):
        result.preamble = bytes(128)
    result.PatientIdentityRemoved = "YES"
    result.DeidentificationMethod = "listed elements, part of PS3.15 Annex E"
    result.LongitudinalTemporalInformationModified = "MODIFIED"
    return result, Report(dict(work.done), sorted(work.texts), _not_looked_at(header, blank))


class _Work:
    """One walk through a header: what was done, and the texts left."""

    def __init__(self, key, days):
        self.key, self.days, self.done, self.texts = key, days, Counter(), set()

    def visit(self, dataset, element):
        kind, keyword, value = element.VR, element.keyword, element.value
        if element.tag.is_private:
            self._drop(dataset, element, "private elements removed")
        elif element.tag.group in OVERLAYS or element.tag.group in CURVES:
            self._drop(dataset, element, "overlays and curves removed")
        elif kind == "UN":
            self._drop(dataset, element, "elements of unknown kind removed")
        elif kind in ("AE", "UR"):
            self._drop(dataset, element, "addresses of machines removed")
        elif keyword in REMOVED:
            self._drop(dataset, element, "listed elements removed")
        elif kind == "PN" or keyword in EMPTIED:
            self._set(element, "", "names and listed values emptied")
        elif kind in ("DA", "DT"):
            self._set(element, _each(value, self._earlier), "dates moved back")
        elif kind == "UI":
            self._set(element, _each(value, self.mapped), "numbers (UIDs) mapped")
        elif kind == "AS":
            self._set(element, _each(value, _pooled), "ages above 89 made 90")
        elif kind in TEXTS and value:
            self.texts.add(keyword or str(element.tag))

    def _drop(self, dataset, element, what):
        del dataset[element.tag]
        self.done[what] += 1

    def _set(self, element, value, what):
        if value != element.value and (value or element.value):
            element.value = value
            self.done[what] += 1

    def _earlier(self, value):
        """Move the date in front of a DA or DT value back; what is no date (a range, an error) says nothing then."""
        text = str(value)
        found = re.fullmatch(r"(\d{4})\.?(\d\d)\.?(\d\d)(.*)", text)
        if not found:
            return ""
        try:
            day = datetime.date(*map(int, found.groups()[:3])) - datetime.timedelta(self.days)
        except (ValueError, OverflowError):
            return ""
        return f"{day:%Y%m%d}".rjust(8, "0") + found[4]

    def mapped(self, value):
        return str(value) if str(value).startswith("1.2.840.10008.") or not value else _number(self.key, str(value))


def _each(value, change):
    """Apply `change` to a value, or to each of several."""
    if value is None or value == "":
        return value
    from pydicom.multival import MultiValue

    return [change(one) for one in value] if isinstance(value, (MultiValue, list)) else change(value)


def _pooled(age):
    found = re.fullmatch(r"(\d{3})Y", str(age))
    return "090Y" if found and int(found[1]) > OLDEST else str(age)


def _digest(key, text):
    return int.from_bytes(hmac.new(key, text.encode(), hashlib.sha256).digest()[:16], "big")


def _days(key, patient):
    return LEAST_DAYS + _digest(key, f"days of {patient}") % (MOST_DAYS - LEAST_DAYS + 1)


def _number(key, text):
    return f"2.25.{_digest(key, f'number {text}')}"


def _clean_meta(header, work):
    """What stands in front of a file repeats the picture's number, and may name who sent it."""
    meta = header.file_meta
    for keyword in ("SourceApplicationEntityTitle", "SendingApplicationEntityTitle", "PrivateInformation",
                    "ReceivingApplicationEntityTitle", "PrivateInformationCreatorUID"):  # fmt: skip
        if keyword in meta:
            del meta[keyword]
            work.done["listed elements removed"] += 1
    if meta.get("MediaStorageSOPInstanceUID"):
        meta.MediaStorageSOPInstanceUID = header.get("SOPInstanceUID") or work.mapped(meta.MediaStorageSOPInstanceUID)


def _not_looked_at(header, blank):
    """What nobody has looked at, as sentences."""
    left = ["texts named in the report: their words were not read", "times of day: they were left"]
    if "PixelData" in header:
        left.append("the pixels" + (" outside the blanked rectangles" if blank else "") + ": writing in them, a face")
    if "WaveformSequence" in header:
        left.append("the curves of a waveform")
    return left
