import datetime
import zoneinfo


def legal():
    noon = datetime.datetime(2024, 3, 31, 12, tzinfo=datetime.timezone.utc)
    return noon.isoformat(), noon.strftime("%A"), str(noon - datetime.timedelta(days=31))
